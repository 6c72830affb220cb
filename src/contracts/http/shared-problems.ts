import type { ProblemCode } from './problem.ts'

/** Every call with a body method can meet these, also one that takes no body: a body that is sent is checked. */
export const BODY_PROBLEMS = [
  'malformed_json',
  'request_timeout',
  'payload_too_large',
  'unsupported_media_type',
] as const satisfies readonly ProblemCode[]

/** A caller that acts for all clients may name an order by an id that two of them gave. */
export const ORDER_ID_PROBLEMS = ['order_id_ambiguous'] as const satisfies readonly ProblemCode[]

/**
 * Every call that needs a key can meet these. It refuses a query parameter that it does not know; pages and probes
 * ignore theirs.
 */
export const KEY_PROBLEMS = [
  'validation_failed',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'misconfigured',
  'unavailable',
] as const satisfies readonly ProblemCode[]

/** Placements and reads can meet these: see `loadKindOf`. */
export const LOAD_PROBLEMS = ['overloaded'] as const satisfies readonly ProblemCode[]

/** Every call can meet these. */
export const ALL_CALLS_PROBLEMS = ['internal_error'] as const satisfies readonly ProblemCode[]
