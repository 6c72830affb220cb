import { HOUR_MS, type Instant, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts'
import { type AttemptOutcome, lastOf, requestedPauseMs } from './attempt-outcome.ts'

/**
 * This many failures in a row are more than a short fault. From then on the address gets one request at a time, and
 * rests between two requests.
 */
const FAILURES_UNTIL_REST = 5

/** A rest doubles up to the maximum. After an outage, the next attempt comes within a quarter of an hour. */
const REST_MS_MIN = 5 * SECOND_MS
const REST_MS_MAX = 15 * MINUTE_MS

/** An address without a success for this long is given up. It is longer than one event is attempted. */
const UNREACHABLE_MS = 26 * HOUR_MS

/** The address of one webhook, over all its deliveries. */
export type Endpoint = {
  /** Failures since the last success. Attempts that end during a rest began before it: they count as one failure. */
  failures: number
  /** When the first of these failures ended. */
  failingSince: Instant | null
  /** No attempt is made before. */
  restsUntil: Instant
  /** The time of the first success after failures. */
  recoveredAt: Instant | null
  /** The last of these failures: the status of the response, or the reason why there was none. Older code stored neither. */
  lastStatus: number | null
  lastError: string | null
}

export const HEALTHY: Endpoint = {
  failures: 0,
  failingSince: null,
  restsUntil: 0,
  recoveredAt: null,
  lastStatus: null,
  lastError: null,
}

/** The same object where nothing changes, so that a healthy address costs no row. */
export const afterSuccess = (endpoint: Endpoint, now: Instant): Endpoint =>
  endpoint.failingSince === null ? endpoint : { ...HEALTHY, recoveredAt: now }

export const afterFailure = (endpoint: Endpoint, outcome: AttemptOutcome, now: Instant): Endpoint => {
  const pauseUntil = now + requestedPauseMs(outcome)
  if (now < endpoint.restsUntil) {
    return pauseUntil > endpoint.restsUntil ? { ...endpoint, restsUntil: pauseUntil } : endpoint
  }
  const failures = endpoint.failures + 1
  const restsUntil = Math.max(now + restMs(failures), pauseUntil)
  const failingSince = endpoint.failingSince ?? now
  return { ...endpoint, failures, failingSince, restsUntil, ...NO_OUTCOME, ...lastOf(outcome) }
}

const NO_OUTCOME = { lastStatus: null, lastError: null }

const restMs = (failures: number): number => {
  const rests = failures - FAILURES_UNTIL_REST
  return rests < 0 ? 0 : Math.min(REST_MS_MIN * 2 ** Math.min(rests, 10), REST_MS_MAX)
}

/** How many requests may be under way. A failing address gets one at a time, which finds out whether it is back. */
export const connectionsFor = ({ failures }: Endpoint, most: number): number =>
  failures < FAILURES_UNTIL_REST ? most : 1

export const isUnreachable = ({ failures, failingSince }: Endpoint, now: Instant): boolean =>
  failures >= FAILURES_UNTIL_REST && failingSince !== null && now - failingSince >= UNREACHABLE_MS
