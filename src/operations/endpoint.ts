import { type Instant, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts'

const HOUR_MS = 60 * MINUTE_MS

/** So many failures in a row are no hiccup: from then on the address gets one request at a time, and rests between. */
const FAILURES_UNTIL_REST = 5

/** A rest doubles up to this: an address that is back is tried within a quarter of an hour. */
const REST_MS_MIN = 5 * SECOND_MS
const REST_MS_MAX = 15 * MINUTE_MS

/** An address that took nothing for so long, of however many events, is given up: longer than one event is tried. */
const UNREACHABLE_MS = 26 * HOUR_MS

/** The address of one webhook as a whole, over all its deliveries. */
export type Endpoint = {
  /** Tries that failed since one was taken. Those that end during a rest began before it, and count once. */
  failures: number
  /** When the first of them ended. */
  failingSince: Instant | null
  /** Nothing is tried before. */
  restsUntil: Instant
  /** When a try was taken after others had failed. */
  recoveredAt: Instant | null
}

export const HEALTHY: Endpoint = { failures: 0, failingSince: null, restsUntil: 0, recoveredAt: null }

/** The same object where nothing changes, so that a healthy address costs no row. */
export const afterSuccess = (endpoint: Endpoint, now: Instant): Endpoint =>
  endpoint.failingSince === null ? endpoint : { ...HEALTHY, recoveredAt: now }

export const afterFailure = (endpoint: Endpoint, now: Instant, retryAfterMs = 0): Endpoint => {
  const askedFor = now + retryAfterMs
  if (now < endpoint.restsUntil) {
    return askedFor > endpoint.restsUntil ? { ...endpoint, restsUntil: askedFor } : endpoint
  }
  const failures = endpoint.failures + 1
  const restsUntil = Math.max(now + restMs(failures), askedFor)
  return { ...endpoint, failures, failingSince: endpoint.failingSince ?? now, restsUntil }
}

const restMs = (failures: number): number => {
  const rests = failures - FAILURES_UNTIL_REST
  return rests < 0 ? 0 : Math.min(REST_MS_MIN * 2 ** Math.min(rests, 10), REST_MS_MAX)
}

/** An address that fails is asked by one request at a time whether it is back. */
export const connectionsFor = ({ failures }: Endpoint, most: number): number =>
  failures < FAILURES_UNTIL_REST ? most : 1

export const isUnreachable = ({ failures, failingSince }: Endpoint, now: Instant): boolean =>
  failures >= FAILURES_UNTIL_REST && failingSince !== null && now - failingSince >= UNREACHABLE_MS
