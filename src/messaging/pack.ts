import type { DomainEvent } from '../contracts/events.ts'

/** A queue message may have 128 000 bytes with its metadata; each 64 000 are billed as one operation. */
const MESSAGE_BYTES_MAX = 120_000
/** `sendBatch` takes 256 000 bytes and 100 messages. */
const SEND_BYTES_MAX = 250_000
const SEND_MESSAGES_MAX = 100

/** A message body: a CloudEvents JSON batch, so that a busy publisher pays for few messages. */
export type MessageBody = DomainEvent[]

/** Events → calls of `sendBatch`, each a list of message bodies within the platform's limits. */
export const pack = (events: readonly DomainEvent[]): MessageBody[][] => {
  const messages = group(events.map(weigh), {
    bytesMax: MESSAGE_BYTES_MAX,
    itemsMax: Number.POSITIVE_INFINITY,
  })
  const sends = group(messages.map(weighMessage), { bytesMax: SEND_BYTES_MAX, itemsMax: SEND_MESSAGES_MAX })
  return sends.map((send) => send.map(({ item }) => item.map((event) => event.item)))
}

type Weighed<Item> = { item: Item; bytes: number }

const encoder = new TextEncoder()

/** One byte more for the comma between two. */
const weigh = (event: DomainEvent): Weighed<DomainEvent> => ({
  item: event,
  bytes: encoder.encode(JSON.stringify(event)).length + 1,
})

const weighMessage = (message: Weighed<DomainEvent>[]): Weighed<Weighed<DomainEvent>[]> => ({
  item: message,
  bytes: message.reduce((total, event) => total + event.bytes, 2),
})

const group = <Item>(
  weighed: readonly Weighed<Item>[],
  limit: { bytesMax: number; itemsMax: number },
): Weighed<Item>[][] => {
  const groups: Weighed<Item>[][] = []
  let bytes = 0
  for (const each of weighed) {
    const open = groups.at(-1)
    if (open === undefined || bytes + each.bytes > limit.bytesMax || open.length >= limit.itemsMax) {
      groups.push([each])
      bytes = each.bytes
    } else {
      open.push(each)
      bytes += each.bytes
    }
  }
  return groups
}
