import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts'
import {
  type AttemptOutcome,
  isGone,
  isOurFault,
  isSuccess,
  lastOf,
  requestedPauseMs,
} from './attempt-outcome.ts'
import { isTest, KEPT_MS, type WebhookDelivery } from './webhook-delivery.ts'

/** From the end of one attempt to the next: seconds for a short fault, hours for an outage, about a day in all. */
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
/** Deliveries that failed together are not attempted again together. */
const RETRY_JITTER = 0.1

/** An attempt has a time-out that is far shorter. After this long its outcome is lost. */
const LEASE_MS = 30 * SECOND_MS

/** A delivery that was queued and never leased is queued again. The delay doubles, because the queue may be full. */
const QUEUE_AGAIN_MS = MINUTE_MS
/** Every delay after a loss on our side doubles up to this one. */
const AGAIN_MS_MAX = 15 * MINUTE_MS

/** The caller of a test waits for its outcome. A test that found no free connection for this long is given up. */
const TEST_WAIT_MS_MAX = MINUTE_MS

/** The delivery as it is put on the queue, once more where it was put there before. */
export const enqueued = (delivery: WebhookDelivery, now: Instant): WebhookDelivery => {
  const dueAt = now + doubled(QUEUE_AGAIN_MS, delivery.queued)
  return { ...delivery, queued: delivery.queued + 1, dueAt }
}

/** The delivery under a lease for one attempt. Undefined where no attempt may be made now. */
export const underLease = (delivery: WebhookDelivery, now: Instant): WebhookDelivery | undefined => {
  if (delivery.status !== 'pending' || isLeased(delivery, now) || now < delivery.nextTryAt) return undefined
  const counted = { attempts: delivery.attempts + 1, unheard: delivery.unheard + 1, queued: 0 }
  const dueAt = now + doubled(LEASE_MS, delivery.unheard)
  return { ...delivery, ...counted, leasedUntil: now + LEASE_MS, dueAt, lastTriedAt: now }
}

/**
 * The delivery after an attempt. A success always counts, also where the delivery was given up meanwhile. Any other
 * outcome counts for the newest attempt alone.
 */
export const afterAttempt = (
  delivery: WebhookDelivery,
  { attempt, outcome }: { attempt: number; outcome: AttemptOutcome },
  { now, chance }: { now: Instant; chance: number },
): WebhookDelivery => {
  if (delivery.status === 'delivered') return delivery
  if (isSuccess(outcome)) return finished(delivery, 'delivered', outcome, now)
  if (delivery.status === 'failed' || attempt !== delivery.attempts) return delivery
  if (isOurFault(outcome)) return postponed(delivery, outcome, now)
  const delay = isTest(delivery) ? undefined : RETRY_DELAYS_MS[delivery.failures]
  if (delay === undefined || isGone(outcome)) return finished(delivery, 'failed', outcome, now)
  const waitMs = Math.max(Math.round(delay * (1 + RETRY_JITTER * chance)), requestedPauseMs(outcome))
  const nextTryAt = now + waitMs
  const failures = delivery.failures + 1
  return { ...withoutLease(delivery), ...lastOf(outcome), failures, nextTryAt, dueAt: nextTryAt }
}

/** The delivery with all its attempts before it, due now. One with an attempt under way stays as it is. */
export const resent = (delivery: WebhookDelivery, now: Instant): WebhookDelivery => {
  if (isLeased(delivery, now)) return delivery
  const fresh = { status: 'pending', failures: 0, queued: 0, nextTryAt: now, dueAt: now } as const
  return { ...withoutLease(delivery), ...fresh }
}

export const isExpiredTest = (delivery: WebhookDelivery, now: Instant): boolean =>
  isTest(delivery) && delivery.attempts === 0 && now - delivery.createdAt > TEST_WAIT_MS_MAX

/** A test that found no free connection, given up. */
export const expiredTest = (delivery: WebhookDelivery, now: Instant): WebhookDelivery => {
  const error = `Not tried: no connection to the address was free within ${TEST_WAIT_MS_MAX / SECOND_MS} s.`
  return finished(delivery, 'failed', { error }, now)
}

const isLeased = ({ leasedUntil }: WebhookDelivery, now: Instant): boolean =>
  leasedUntil !== undefined && now < leasedUntil

/** Attempted again like after a lost outcome. The fault is ours, so it is no failure of the address. */
const postponed = (delivery: WebhookDelivery, outcome: AttemptOutcome, now: Instant): WebhookDelivery => {
  const { unheard } = delivery
  const nextTryAt = now + doubled(LEASE_MS, unheard - 1)
  return { ...withoutLease(delivery), unheard, ...lastOf(outcome), nextTryAt, dueAt: nextTryAt }
}

const finished = (
  delivery: WebhookDelivery,
  status: 'delivered' | 'failed',
  outcome: AttemptOutcome,
  now: Instant,
): WebhookDelivery => ({ ...withoutLease(delivery), status, ...lastOf(outcome), dueAt: now + KEPT_MS })

/** No attempt is under way, and the outcome of the last one is about to be replaced. */
const withoutLease = (delivery: WebhookDelivery): WebhookDelivery => {
  const { leasedUntil: _over, lastStatus: _status, lastError: _error, ...rest } = delivery
  return { ...rest, unheard: 0 }
}

const doubled = (ms: number, times: number): number => Math.min(ms * 2 ** Math.min(times, 10), AGAIN_MS_MAX)
