import { readTraceparent } from './traceparent.ts'

/** A line about many things names so many of their traces: enough to follow, and still one line. */
const TRACES_MAX = 10

/** The trace of an event, readable or not, of an order, or of anything else that carries a traceparent. */
export const traceIdOf = (traced: unknown): string | undefined => {
  if (typeof traced !== 'object' || traced === null || !('traceparent' in traced)) return undefined
  return readTraceparent(traced.traceparent)?.traceId
}

/** The traces of many, each once. */
export const traceIdsOf = (traced: readonly unknown[]): string[] =>
  [...new Set(traced.flatMap((each) => traceIdOf(each) ?? []))].slice(0, TRACES_MAX)
