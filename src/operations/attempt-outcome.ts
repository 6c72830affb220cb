import { HOUR_MS } from '../kernel/instant.ts'

/**
 * The outcome of an attempt: an HTTP status, or the reason why there was none. `retryAfterMs`: the address asks for a
 * pause of this length. `isOurFault`: the request never left, so it says nothing about the address.
 */
export type AttemptOutcome = { status: number; retryAfterMs?: number } | { error: string; isOurFault?: true }

/** The longest pause that an address may ask for. A longer one would use up the day in which an event is attempted. */
const RETRY_AFTER_MS_MAX = HOUR_MS

/** Any status of success. A redirect is not followed, so it is none. */
export const isSuccess = (outcome: AttemptOutcome): boolean =>
  'status' in outcome && outcome.status >= 200 && outcome.status < 300

/** The address asks for no more events. */
export const isGone = (outcome: AttemptOutcome): boolean => 'status' in outcome && outcome.status === 410

export const isOurFault = (outcome: AttemptOutcome): boolean =>
  'isOurFault' in outcome && outcome.isOurFault === true

/** The outcome as deliveries and addresses keep it. */
export const lastOf = (outcome: AttemptOutcome): { lastStatus: number } | { lastError: string } =>
  'status' in outcome ? { lastStatus: outcome.status } : { lastError: outcome.error }

/** The pause that the address asks for with `Retry-After`. */
export const requestedPauseMs = (outcome: AttemptOutcome): number =>
  'retryAfterMs' in outcome ? Math.min(outcome.retryAfterMs ?? 0, RETRY_AFTER_MS_MAX) : 0
