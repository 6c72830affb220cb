import { z } from 'zod'
import { type DeadLetter, deadLetterSchema } from '../contracts/dead-letter.ts'
import type { Envelope } from '../contracts/envelope.ts'
import { parseEvent } from '../contracts/parse-event.ts'
import { isRedelivered } from '../contracts/redelivered.ts'
import type { Subscriber } from '../contracts/topology.ts'
import { NO_JSON, valuesIn } from '../messaging/message-values.ts'
import { withoutTokensInText } from './erased-tokens.ts'

/** An event whose retries ran out. Its publisher sends it again, so it is counted and not stored. */
export type Exhausted = { consumer: Subscriber; type: string }

/** A message of a dead-letter queue, as the platform delivers it. */
export type DeadMessage = { consumer: Subscriber; body: unknown; attempts: number; sentAt: string }

export type Sorted = { letters: DeadLetter[]; exhausted: Exhausted[] }

/**
 * Sorts a message of a dead-letter queue. It is a letter that the consumer wrote with its reason, or a message that the
 * platform moved there when its retries ran out.
 */
export const sortDeadMessage = (message: DeadMessage, defaultCurrency: string): Sorted => {
  const letter = deadLetterSchema.safeParse(message.body)
  if (letter.success) return sortLetter(letter.data, defaultCurrency)
  const sorted = valuesIn(message.body).map((event) => sortOne(event, message, defaultCurrency))
  return {
    letters: sorted.flatMap((each) => each.letters),
    exhausted: sorted.flatMap((each) => each.exhausted),
  }
}

/**
 * A consumer of an earlier release cannot read text, and parks a whole message as one letter. Its events are sorted as
 * those of any other message.
 */
const sortLetter = (letter: DeadLetter, defaultCurrency: string): Sorted => {
  const { consumer, event, attempts, firstSeenAt } = letter
  const isText = typeof event === 'string' && valuesIn(event).some((value) => value !== event)
  if (!isText) return { letters: [letter], exhausted: [] }
  return sortDeadMessage({ consumer, body: event, attempts, sentAt: firstSeenAt }, defaultCurrency)
}

/** The events in a message of a dead-letter queue, readable or not. */
export const eventsIn = (body: unknown): unknown[] => {
  const letter = deadLetterSchema.safeParse(body)
  return valuesIn(letter.success ? letter.data.event : body)
}

const sortOne = (event: unknown, message: DeadMessage, defaultCurrency: string): Sorted => {
  const { consumer, attempts, sentAt } = message
  if (typeof event === 'string') {
    const why = { reason: 'schema_broken', error: NO_JSON }
    return { letters: [{ consumer, ...why, attempts, firstSeenAt: sentAt, event }], exhausted: [] }
  }
  const parsed = parseEvent(event, defaultCurrency)
  if (parsed.ok && isRedelivered(parsed.value)) {
    return { letters: [], exhausted: [{ consumer, type: parsed.value.type }] }
  }
  const why = parsed.ok
    ? { reason: 'retries_exhausted', error: 'It was delivered as often as its queue allows.' }
    : { reason: parsed.reason.code, error: parsed.reason.detail }
  return { letters: [{ consumer, ...why, attempts, firstSeenAt: sentAt, event }], exhausted: [] }
}

/** The ids in an event, however broken it is. Its identity is `source` and `id` together (CloudEvents). */
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

/** The client that owns the event's order, and the client's own id of the order, as far as the event has them. */
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

/** Attributes that may differ when the same event is sent again or redriven. */
const PER_SENDING = new Set([
  ...['time', 'traceparent', 'tracestate', 'correlationid', 'causationid'],
  ...['hops', 'redriveid'],
])

/** The content of an event. Two events of one identity with different contents are two variants: operators see both. */
export const contentOf = (event: unknown): unknown =>
  typeof event !== 'object' || event === null || Array.isArray(event)
    ? event
    : Object.fromEntries(Object.entries(event).filter(([name]) => !PER_SENDING.has(name)))

/**
 * The event as it is sent again for an operator. It keeps its id and gets a `redriveid`. A chain that was too long starts
 * at 0 hops. A value that is no CloudEvent is sent as it came.
 */
export const redriven = (letter: { reason: string; event: unknown }, redriveId: string): unknown => {
  const { reason, event } = letter
  if (typeof event !== 'object' || event === null || !('specversion' in event)) return event
  return { ...event, ...(reason === 'hop_limit' && { hops: 0 }), redriveid: redriveId }
}

/** An event as operators see it: as it came, readable or not, without payment tokens anywhere in it. */
export const shownEvent = (json: string): unknown =>
  JSON.parse(json, (name, value) => {
    if (name === 'token') return undefined
    return name === '' && typeof value === 'string' ? withoutTokensInText(value) : value
  })
