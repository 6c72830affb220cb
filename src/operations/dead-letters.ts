import { z } from 'zod'
import { type DeadLetter, deadLetterSchema } from '../contracts/dead-letter.ts'
import type { Envelope } from '../contracts/envelope.ts'
import { parseEvent } from '../contracts/parse-event.ts'
import { isRedelivered } from '../contracts/redelivered.ts'
import type { Subscriber } from '../contracts/topology.ts'

/** An event whose retries ran out, and whose owner sends it again: it is counted, not kept. */
export type Exhausted = { consumer: Subscriber; type: string }

/** A message of a dead-letter queue, as the platform hands it over. */
export type DeadMessage = { consumer: Subscriber; body: unknown; attempts: number; sentAt: string }

export type Sorted = { letters: DeadLetter[]; exhausted: Exhausted[] }

/**
 * What lies on a dead-letter queue: a letter that the consumer wrote with its reason, or, where the platform moved a
 * message whose retries ran out, the message as it was.
 */
export const sortDeadMessage = (message: DeadMessage, defaultCurrency: string): Sorted => {
  const letter = deadLetterSchema.safeParse(message.body)
  if (letter.success) return { letters: [letter.data], exhausted: [] }
  const sorted = eventsIn(message.body).map((event) => sortOne(event, message, defaultCurrency))
  return {
    letters: sorted.flatMap((each) => each.letters),
    exhausted: sorted.flatMap((each) => each.exhausted),
  }
}

/** What a message of a dead-letter queue is about, readable or not. */
export const eventsIn = (body: unknown): unknown[] => {
  const letter = deadLetterSchema.safeParse(body)
  if (letter.success) return [letter.data.event]
  return Array.isArray(body) ? body : [body]
}

const sortOne = (event: unknown, message: DeadMessage, defaultCurrency: string): Sorted => {
  const { consumer, attempts, sentAt } = message
  const parsed = parseEvent(event, defaultCurrency)
  if (parsed.ok && isRedelivered(parsed.value)) {
    return { letters: [], exhausted: [{ consumer, type: parsed.value.type }] }
  }
  const why = parsed.ok
    ? { reason: 'retries_exhausted', error: 'It was delivered as often as its queue allows.' }
    : { reason: parsed.reason.code, error: parsed.reason.detail }
  return { letters: [{ consumer, ...why, attempts, firstSeenAt: sentAt, event }], exhausted: [] }
}

/** What an event says of itself, however broken it is. Its identity is `source` and `id` together (CloudEvents). */
export const identityOf = (event: unknown): { eventId?: string; source?: string; orderId?: string } => {
  const { id, source, data, subject, orderId } = (
    typeof event === 'object' && event !== null ? event : {}
  ) as Partial<Envelope & { orderId: unknown }>
  const inner = typeof data === 'object' && data !== null && 'orderId' in data ? data.orderId : undefined
  const order = [inner, orderId, subject].find(isStorable)
  return {
    ...(isStorable(id) && { eventId: id }),
    ...(isStorable(source) && { source }),
    ...(isStorable(order) && { orderId: order }),
  }
}

/** Whose order the event is about, and what its client calls the order, as far as the event says it. */
export const ownerOf = (event: string): { client?: string; orderId?: string } => {
  const { client, externalid, data } = owning.parse(JSON.parse(event))
  const owner = client ?? data?.client
  return {
    ...(owner !== undefined && { client: owner }),
    ...(externalid !== undefined && { orderId: externalid }),
  }
}

const text = z.string().optional().catch(undefined)
const owning = z
  .object({ client: text, externalid: text, data: z.object({ client: text }).optional().catch(undefined) })
  .catch({})

/** Half of a surrogate pair is stored as a replacement character: two ids would become one. */
const isStorable = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed()

/** What may differ where the same event is sent or redriven once more. */
const PER_SENDING = new Set([
  ...['time', 'traceparent', 'tracestate', 'correlationid', 'causationid'],
  ...['hops', 'redriveid'],
])

/** What an event says: two events of one identity that differ in it are two variants, and both are worth reading. */
export const contentOf = (event: unknown): unknown =>
  typeof event !== 'object' || event === null || Array.isArray(event)
    ? event
    : Object.fromEntries(Object.entries(event).filter(([name]) => !PER_SENDING.has(name)))

/**
 * A person decided to try again: the event keeps its id, says so, and a chain that was too long starts anew. What is no
 * CloudEvent goes as it came.
 */
export const redriven = (letter: { reason: string; event: unknown }, redriveId: string): unknown => {
  const { reason, event } = letter
  if (typeof event !== 'object' || event === null || !('specversion' in event)) return event
  return { ...event, ...(reason === 'hop_limit' && { hops: 0 }), redriveid: redriveId }
}

/** An event as operators see it: as it came, readable or not, but for payment tokens, wherever they lie. */
export const shownEvent = (json: string): unknown =>
  JSON.parse(json, (name, value) => (name === 'token' ? undefined : value))
