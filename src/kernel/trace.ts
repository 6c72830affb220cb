/** W3C trace context, version 00 (w3.org/TR/trace-context). An id of zeros is none. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/

/** What a traceparent says; nothing where it cannot be read. */
export const readTraceparent = (traceparent: unknown): { traceId: string; flags: string } | undefined => {
  const [, traceId, flags] = TRACEPARENT.exec(typeof traceparent === 'string' ? traceparent : '') ?? []
  return traceId === undefined || flags === undefined ? undefined : { traceId, flags }
}

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
