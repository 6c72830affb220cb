import type { DomainEvent } from '../contracts/events.ts'

/** A queue message may have 128 000 bytes with its metadata; each 64 000 are billed as one operation. */
const MESSAGE_BYTES_MAX = 120_000
/** `sendBatch` takes 256 000 bytes and 100 messages. */
const SEND_BYTES_MAX = 250_000
const SEND_MESSAGES_MAX = 100

/** A message body: the JSON text of a CloudEvents batch, so that a busy publisher pays for few messages. */
export type MessageText = string

/**
 * The JSON text of each event. An event that goes to several inboxes is serialised once. The same text is weighed and
 * sent.
 */
export const createSerialiser = (): ((event: DomainEvent) => string) => {
  const texts = new Map<DomainEvent, string>()
  return (event) => {
    const text = texts.get(event) ?? JSON.stringify(event)
    texts.set(event, text)
    return text
  }
}

/** Texts of events → calls of `sendBatch`, each a list of message bodies within the platform's limits. */
export const pack = (events: readonly string[]): MessageText[][] => {
  const messages = group(events.map(weigh), {
    bytesMax: MESSAGE_BYTES_MAX,
    itemsMax: Number.POSITIVE_INFINITY,
  })
  const sends = group(messages.map(toMessage), { bytesMax: SEND_BYTES_MAX, itemsMax: SEND_MESSAGES_MAX })
  return sends.map((send) => send.map(({ text }) => text))
}

type Weighed = { text: string; bytes: number }

const encoder = new TextEncoder()
const NOT_ASCII = /[^\0-\x7f]/

/** ASCII has a byte a letter, so the usual text need not be encoded to be weighed. */
const bytesOf = (text: string): number => (NOT_ASCII.test(text) ? encoder.encode(text).length : text.length)

/** One byte more for the comma between two. */
const weigh = (text: string): Weighed => ({ text, bytes: bytesOf(text) + 1 })

const toMessage = (events: readonly Weighed[]): Weighed => ({
  text: `[${events.map(({ text }) => text).join(',')}]`,
  bytes: events.reduce((total, { bytes }) => total + bytes, 2),
})

const group = (weighed: readonly Weighed[], limit: { bytesMax: number; itemsMax: number }): Weighed[][] => {
  const groups: Weighed[][] = []
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
