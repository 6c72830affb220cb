import type { DeadLetter } from '../contracts/dead-letter.ts'
import type { DomainEvent } from '../contracts/events.ts'
import { parseEvent } from '../contracts/parse-event.ts'
import { isRedelivered } from '../contracts/redelivered.ts'
import type { Subscriber } from '../contracts/topology.ts'
import { type Instant, toTimestamp } from '../kernel/instant.ts'
import { traceIdOf } from '../kernel/trace.ts'
import { type Chance, retryAfterSeconds } from './back-off.ts'
import { type EventLog, handledFields, isLogged } from './event-log.ts'
import { NO_JSON, valuesIn } from './message-values.ts'
import { handledSpans, type SpanExport } from './spans.ts'

/** What became of one event: handled; to be delivered again; or never to be handled, for a reason. */
export type Outcome =
  | { kind: 'done' }
  | { kind: 'retry'; afterSeconds?: number; error: string }
  | { kind: 'park'; reason: string; error: string }

export const done: Outcome = { kind: 'done' }

/** For an event that the topology does not send here: it was put on the wrong queue. `service` begins a sentence. */
export const unexpectedType = (service: string, { type }: DomainEvent): Outcome => ({
  kind: 'park',
  reason: 'unexpected_type',
  error: `${service} does not subscribe to ${type}.`,
})

/** One queue message, as the platform hands it over. */
export type QueueMessage = {
  body: unknown
  attempts: number
  sentAt: Instant
  ack(): void
  retry(delaySeconds: number): void
}

/**
 * Deliveries after which an event is parked with its reason, where its publisher sends it only once. A redelivered
 * event is left to the platform's limit, which is not lower: its publisher sends it again.
 */
const ATTEMPTS_MAX = 10

/**
 * Deliveries that a fault may take which passes by itself: a restart, a full partition, a bank call that an earlier
 * delivery began and did not end. A message that needs more is for an operator to look at.
 */
const UNREMARKABLE_ATTEMPTS_MAX = 3

export type Consumer = {
  name: Subscriber
  defaultCurrency: string
  /** One outcome for each event, in the same order. Throws only for what it did not foresee. */
  handle(events: readonly DomainEvent[]): Promise<Outcome[]>
  park(letters: readonly DeadLetter[]): Promise<void>
  chance: Chance
  log(level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>): void
  /** Without it, events that are done have no line. */
  eventLog?: EventLog
  /** Without it, no spans are made. */
  spans?: SpanExport | undefined
}

/** A batch of messages: parse each event, handle all that can be read at once, acknowledge each message for itself. */
export const consume = async (messages: readonly QueueMessage[], consumer: Consumer): Promise<void> => {
  const startedAt = consumer.eventLog?.now()
  const spansFrom = consumer.spans?.now()
  const entries = messages.flatMap((message) => read(message, consumer))
  const readable = entries.filter((entry) => entry.event !== undefined)
  const outcomes = await handleAll(readable, consumer)
  readable.forEach((entry, index) => {
    entry.outcome = atLast(entry, outcomes[index] ?? { kind: 'retry', error: 'the handler gave no outcome' })
  })
  await parkAll(entries, consumer)
  for (const message of messages) {
    acknowledge(
      message,
      entries.filter((entry) => entry.message === message),
      consumer,
    )
  }
  logHandled(entries, consumer, startedAt)
  addSpans(readable, consumer, spansFrom)
}

type Entry = { message: QueueMessage; raw: unknown; event?: DomainEvent; outcome: Outcome }

const read = (message: QueueMessage, consumer: Consumer): Entry[] =>
  valuesIn(message.body).map((raw) => {
    if (typeof raw === 'string') {
      return { message, raw, outcome: { kind: 'park', reason: 'schema_broken', error: NO_JSON } }
    }
    const parsed = parseEvent(raw, consumer.defaultCurrency)
    if (parsed.ok) return { message, raw, event: parsed.value, outcome: done }
    const { code, detail } = parsed.reason
    return { message, raw, outcome: { kind: 'park', reason: code, error: detail } }
  })

const handleAll = async (entries: readonly Entry[], consumer: Consumer): Promise<Outcome[]> => {
  const events = entries.flatMap((entry) => entry.event ?? [])
  if (events.length === 0) return []
  try {
    return await consumer.handle(events)
  } catch (error) {
    const outcome: Outcome = { kind: 'retry', error: String(error) }
    return events.map(() => outcome)
  }
}

/** The last attempt of an event that comes only once is parked, so that it is kept with its reason. */
const atLast = ({ message, event }: Entry, outcome: Outcome): Outcome => {
  if (outcome.kind !== 'retry' || message.attempts < ATTEMPTS_MAX) return outcome
  if (event === undefined || isRedelivered(event)) return outcome
  return { kind: 'park', reason: 'retries_exhausted', error: outcome.error }
}

/** Parked before the message is acknowledged; when even that fails, the message comes again. */
const parkAll = async (entries: readonly Entry[], consumer: Consumer): Promise<void> => {
  const parked = entries.filter((entry) => entry.outcome.kind === 'park')
  if (parked.length === 0) return
  try {
    await consumer.park(parked.flatMap((entry) => deadLetter(entry, consumer.name)))
  } catch (error) {
    for (const entry of parked) entry.outcome = { kind: 'retry', error: `could not park: ${error}` }
  }
}

const deadLetter = (entry: Entry, consumer: Subscriber): DeadLetter[] => {
  if (entry.outcome.kind !== 'park') return []
  const { reason, error } = entry.outcome
  const { attempts, sentAt } = entry.message
  return [{ consumer, reason, error, attempts, firstSeenAt: toTimestamp(sentAt), event: entry.raw }]
}

/** A message with one event to retry is delivered again whole: its other events are then met as repeated. */
const acknowledge = (message: QueueMessage, entries: readonly Entry[], consumer: Consumer): void => {
  let delaySeconds: number | undefined
  for (const entry of entries) {
    const { outcome } = entry
    if (outcome.kind === 'done') continue
    const fields = {
      ...{ eventId: entry.event?.id, type: entry.event?.type, traceId: traceIdOf(entry.raw) },
      attempts: message.attempts,
    }
    if (outcome.kind === 'park') {
      consumer.log('error', 'event parked', { ...fields, reason: outcome.reason, error: outcome.error })
      continue
    }
    const level = message.attempts > UNREMARKABLE_ATTEMPTS_MAX ? 'warn' : 'info'
    consumer.log(level, 'event to be retried', { ...fields, error: outcome.error })
    const seconds = outcome.afterSeconds ?? retryAfterSeconds(message.attempts, consumer.chance)
    delaySeconds = Math.max(delaySeconds ?? 0, seconds)
  }
  if (delaySeconds === undefined) message.ack()
  else message.retry(delaySeconds)
}

/** The events of a batch are handled together, so the duration is that of the batch. */
const logHandled = (
  entries: readonly Entry[],
  { eventLog, log }: Consumer,
  startedAt: Instant | undefined,
): void => {
  if (eventLog === undefined || startedAt === undefined) return
  const durationMs = eventLog.now() - startedAt
  for (const { event, message, outcome } of entries) {
    if (event === undefined || !isLogged(event, eventLog)) continue
    const { attempts } = message
    log('info', 'event handled', { ...handledFields(event), outcome: outcome.kind, attempts, durationMs })
  }
}

const addSpans = (
  entries: readonly Entry[],
  { name, spans }: Consumer,
  startedAt: Instant | undefined,
): void => {
  if (spans === undefined || startedAt === undefined) return
  const events = entries.flatMap((entry) => entry.event ?? [])
  spans.add(handledSpans(name, events, { startedAt, endedAt: spans.now() }))
}
