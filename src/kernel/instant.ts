/** A moment, in milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export const SECOND_MS = 1_000
export const MINUTE_MS = 60 * SECOND_MS

/** RFC 3339 in UTC with milliseconds, as every time on the wire. */
export const toTimestamp = (instant: Instant): string => new Date(instant).toISOString()

export const fromTimestamp = (timestamp: string): Instant => new Date(timestamp).getTime()
