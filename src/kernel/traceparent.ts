/** What a `traceparent` says: the trace, its flags, and all of it as version 00 writes it. */
export type Trace = { traceId: string; flags: string; traceparent: string }

/** Of requests and of events alike. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[^,]*)?$/

/** As this code writes it. Nearly every one is, and is its own text of version 00. */
const OWN = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]$/

/** Sampled, and random (w3.org/TR/trace-context-2). The others are not known to version 00, and are put out. */
const KNOWN_FLAGS = 0x03

const isZero = (digits: string): boolean => /^0+$/.test(digits)

/**
 * A W3C trace context (w3.org/TR/trace-context, 3.2), or undefined for a text that cannot be read. Version 00 ends after
 * its four fields. A later version may have more, and is continued as version 00. There is no version ff.
 */
export const readTraceparent = (value: unknown): Trace | undefined => {
  if (typeof value !== 'string') return undefined
  if (OWN.test(value)) return { traceId: value.slice(3, 35), flags: value.slice(53), traceparent: value }
  const fields = TRACEPARENT.exec(value)
  const [, version = 'ff', traceId = '', parentId = '', sentFlags = '', more] = fields ?? []
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined
  if (isZero(traceId) || isZero(parentId)) return undefined
  const flags = (Number.parseInt(sentFlags, 16) & KNOWN_FLAGS).toString(16).padStart(2, '0')
  return { traceId, flags, traceparent: `00-${traceId}-${parentId}-${flags}` }
}
