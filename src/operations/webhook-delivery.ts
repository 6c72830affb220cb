import { z } from 'zod'
import type { DomainEvent } from '../contracts/events.ts'
import { instantField } from '../contracts/fields.ts'
import { publicEvent, publicEventSchema } from '../contracts/public-event.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'

const HOUR_MS = 60 * MINUTE_MS

/** From the end of one try to the next: seconds for a hiccup, hours for an outage, about a day in all. */
const RETRY_DELAYS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
] as const
/** So that what failed together does not come back together. */
const RETRY_JITTER = 0.1

/** A try ends within its time-out, which is far shorter: after this long its outcome is lost. */
const LEASE_MS = 30 * SECOND_MS

/** What was put on the queue and not begun is put there again: the queue may be full. */
const QUEUE_AGAIN_MS = MINUTE_MS
/** Whatever got lost on our side comes again within this, the later the more often it got lost. */
const AGAIN_MS_MAX = 15 * MINUTE_MS

/** An address may ask for so long a pause; a longer one would use up the day in which an event is tried. */
const RETRY_AFTER_MS_MAX = HOUR_MS

/** Who asks for a test looks at what came of it: one that found no connection for so long is given up. */
const TEST_WAIT_MS_MAX = MINUTE_MS

/** How long a finished delivery can be looked up and sent again. */
export const KEPT_MS = 7 * 24 * HOUR_MS

const deliverySchema = z.object({
  deliveryId: z.string(),
  webhookId: z.string(),
  eventId: z.string(),
  type: z.string(),
  body: z.string(),
  createdAt: instantField,
  status: z.enum(['pending', 'delivered', 'failed']),
  /** Tries in all. */
  attempts: z.number(),
  /** Those that are known to have failed since it was last sent anew: they decide how long is waited. */
  failures: z.number(),
  /** Those since the last one whose outcome is known: the Worker that made them was killed, which is no failure. */
  unheard: z.number(),
  /** Not before. */
  nextTryAt: instantField,
  /** A Worker is trying: no other may until then. */
  leasedUntil: instantField.exactOptional(),
  /** How often it was put on the queue since the last try. */
  queued: z.number(),
  /** When it is to be put on the queue (again), or forgotten once it is finished. */
  dueAt: instantField,
  lastTriedAt: instantField.exactOptional(),
  lastStatus: z.number().exactOptional(),
  lastError: z.string().exactOptional(),
})

/** One event on its way to one webhook. Its id and body are the same on every try. */
export type WebhookDelivery = z.infer<typeof deliverySchema>

/** Version 1 may lack both counts: older code did not count failures and tries without an outcome. */
export const WEBHOOK_DELIVERY = storedType('delivery', deliverySchema, [
  (older) => ({ failures: 0, unheard: 0, ...older }),
])

/**
 * What came of a try: an HTTP status, or why there was none. `retryAfterMs`: the address asks not to be tried before.
 * `isOurFault`: the address was not asked at all.
 */
export type AttemptOutcome = { status: number; retryAfterMs?: number } | { error: string; isOurFault?: true }

/** A delivery of the event as it is told outside. */
export const newDelivery = (
  event: DomainEvent,
  { deliveryId, webhookId }: { deliveryId: string; webhookId: string },
  now: Instant,
): WebhookDelivery => {
  const ids = { deliveryId, webhookId, eventId: event.id, type: event.type }
  const state = { status: 'pending', attempts: 0, failures: 0, unheard: 0, queued: 0 } as const
  return {
    ...ids,
    ...state,
    body: JSON.stringify(publicEvent(event)),
    createdAt: now,
    nextTryAt: now,
    dueAt: now,
  }
}

/** The trace of the event, as its body says it. */
export const traceparentOf = ({ body }: Pick<WebhookDelivery, 'body'>): string | undefined =>
  tracedSchema.safeParse(JSON.parse(body)).data?.traceparent

const tracedSchema = publicEventSchema.pick({ traceparent: true })

export const enqueued = (delivery: WebhookDelivery, now: Instant): WebhookDelivery => {
  const dueAt = now + doubled(QUEUE_AGAIN_MS, delivery.queued)
  return { ...delivery, queued: delivery.queued + 1, dueAt }
}

/** The delivery under a lease, or nothing where there is nothing to try now. */
export const underLease = (delivery: WebhookDelivery, now: Instant): WebhookDelivery | undefined => {
  const isLeased = delivery.leasedUntil !== undefined && now < delivery.leasedUntil
  if (delivery.status !== 'pending' || isLeased || now < delivery.nextTryAt) return undefined
  const counted = { attempts: delivery.attempts + 1, unheard: delivery.unheard + 1, queued: 0 }
  const dueAt = now + doubled(LEASE_MS, delivery.unheard)
  return { ...delivery, ...counted, leasedUntil: now + LEASE_MS, dueAt, lastTriedAt: now }
}

const doubled = (ms: number, times: number): number => Math.min(ms * 2 ** Math.min(times, 10), AGAIN_MS_MAX)

/** The delivery after a try. What went well counts, also where it was given up by then; other late news does not. */
export const afterAttempt = (
  delivery: WebhookDelivery,
  { attempt, outcome }: { attempt: number; outcome: AttemptOutcome },
  { now, chance }: { now: Instant; chance: number },
): WebhookDelivery => {
  if (delivery.status === 'delivered') return delivery
  if (isSuccess(outcome)) return finished(delivery, 'delivered', outcome, now)
  if (delivery.status === 'failed' || attempt !== delivery.attempts) return delivery
  if (isOurFault(outcome)) return putOff(delivery, outcome, now)
  const delay = isTest(delivery) ? undefined : RETRY_DELAYS_MS[delivery.failures]
  if (delay === undefined || isGone(outcome)) return finished(delivery, 'failed', outcome, now)
  const waitMs = Math.max(Math.round(delay * (1 + RETRY_JITTER * chance)), requestedPauseMs(outcome))
  const nextTryAt = now + waitMs
  const failures = delivery.failures + 1
  return { ...heard(delivery), ...lastOf(outcome), failures, nextTryAt, dueAt: nextTryAt }
}

/** A test says whether the address works now: it is tried once. */
export const isTest = ({ type }: Pick<WebhookDelivery, 'type'>): boolean => type === 'WebhookTested'

export const isExpiredTest = (delivery: WebhookDelivery, now: Instant): boolean =>
  isTest(delivery) && delivery.attempts === 0 && now - delivery.createdAt > TEST_WAIT_MS_MAX

/** A test that no connection was free for. */
export const expiredTest = (delivery: WebhookDelivery, now: Instant): WebhookDelivery => {
  const error = `Not tried: no connection to the address was free within ${TEST_WAIT_MS_MAX / SECOND_MS} s.`
  return finished(delivery, 'failed', { error }, now)
}

/** The pause that the address asks for with `Retry-After`. */
export const requestedPauseMs = (outcome: AttemptOutcome): number =>
  'retryAfterMs' in outcome ? Math.min(outcome.retryAfterMs ?? 0, RETRY_AFTER_MS_MAX) : 0

export const isOurFault = (outcome: AttemptOutcome): boolean =>
  'isOurFault' in outcome && outcome.isOurFault === true

/** It comes again as a try does that nobody heard of: the address is not held to account for what is ours. */
const putOff = (delivery: WebhookDelivery, outcome: AttemptOutcome, now: Instant): WebhookDelivery => {
  const nextTryAt = now + doubled(LEASE_MS, delivery.unheard - 1)
  return { ...heard(delivery), unheard: delivery.unheard, ...lastOf(outcome), nextTryAt, dueAt: nextTryAt }
}

/** Everything in the range of success; a redirect is not followed, so it is none. */
export const isSuccess = (outcome: AttemptOutcome): boolean =>
  'status' in outcome && outcome.status >= 200 && outcome.status < 300

/** The address says that it wants no more. */
export const isGone = (outcome: AttemptOutcome): boolean => 'status' in outcome && outcome.status === 410

/** To be tried now, whatever became of it; one that is being tried is left to that. */
export const resent = (delivery: WebhookDelivery, now: Instant): WebhookDelivery => {
  if (delivery.leasedUntil !== undefined && now < delivery.leasedUntil) return delivery
  const fresh = { status: 'pending', failures: 0, queued: 0, nextTryAt: now, dueAt: now } as const
  return { ...heard(delivery), ...fresh }
}

const finished = (
  delivery: WebhookDelivery,
  status: 'delivered' | 'failed',
  outcome: AttemptOutcome,
  now: Instant,
): WebhookDelivery => ({ ...heard(delivery), status, ...lastOf(outcome), dueAt: now + KEPT_MS })

/** Nobody is trying it any more, and what was said of the last try is to be replaced. */
const heard = (delivery: WebhookDelivery): WebhookDelivery => {
  const { leasedUntil: _over, lastStatus: _status, lastError: _error, ...rest } = delivery
  return { ...rest, unheard: 0 }
}

const lastOf = (outcome: AttemptOutcome): { lastStatus: number } | { lastError: string } =>
  'status' in outcome ? { lastStatus: outcome.status } : { lastError: outcome.error }
