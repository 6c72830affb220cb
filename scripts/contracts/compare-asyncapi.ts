// Compares two versions of our AsyncAPI document, and lists the changes that break a consumer.
import { z } from 'zod'
import { compareSchemas, type Documents, within } from './compare-schemas.ts'
import { type Document, jsonSchema } from './json-schema.ts'

/** A webhook's address is null: its owner chooses it. */
const channel = z.object({ address: z.string().nullable(), messages: z.record(z.string(), z.unknown()) })

const message = z.object({ payload: jsonSchema })

const asyncApi = z.object({
  channels: z.record(z.string(), channel),
  components: z.object({ messages: z.record(z.string(), message) }),
})

export const compareAsyncApi = (before: Document, after: Document): string[] => {
  const [old, now] = [asyncApi.parse(before), asyncApi.parse(after)]
  return [
    ...Object.entries(old.components.messages).flatMap(([name, { payload }]) =>
      within(name, compareMessage(payload, now.components.messages[name], { before, after })),
    ),
    ...Object.entries(old.channels).flatMap(([name, each]) =>
      within(name, compareChannel(each, now.channels[name])),
    ),
  ]
}

type Message = z.infer<typeof message>

const compareMessage = (old: Message['payload'], now: Message | undefined, documents: Documents): string[] =>
  now === undefined
    ? [': no program can read this version any more']
    : compareSchemas(old, now.payload, { use: 'event', documents })

type Channel = z.infer<typeof channel>

const compareChannel = (old: Channel, now: Channel | undefined): string[] => {
  if (now === undefined) return [': the channel is removed']
  return [
    ...(old.address === now.address ? [] : [`: its address was ${old.address}`]),
    ...Object.keys(old.messages)
      .filter((name) => !(name in now.messages))
      .map((name) => `: ${name} is no longer sent here`),
  ]
}
