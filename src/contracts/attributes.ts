import { readTraceparent } from '../kernel/traceparent.ts'

/** Attributes that are whole numbers. Where they come in headers, or by way of a system that has only text, they are digits. */
const INTEGERS = new Set(['schemaversion', 'revision', 'hops'])

/** As CloudEvents writes an integer (1.0.2, 3: “Type System”). */
const DIGITS = /^(?:0|[1-9]\d*)$/

/**
 * An event with its attributes in one form, for every way of sending. `null` counts as absent (CloudEvents JSON Event
 * Format 1.0.2, 2.2). The digits of a whole number become a number. A trace that cannot be read counts as absent. The
 * function does not read the event's data.
 */
export const withPlainAttributes = (event: unknown): unknown => {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return event
  // Every event of ours has them in this form: no copy is made.
  if (Object.entries(event).every(isPlain)) return event
  const members = Object.entries(event).map(([name, value]) => [name, plainly(name, value)] as const)
  return Object.fromEntries(members.filter(([, value]) => value !== undefined))
}

const isPlain = ([name, value]: [string, unknown]): boolean =>
  value !== undefined && plainly(name, value) === value

const plainly = (name: string, value: unknown): unknown => {
  if (name === 'data') return value
  if (value === null) return undefined
  if (name === 'traceparent') return readTraceparent(value)?.traceparent
  return INTEGERS.has(name) && typeof value === 'string' && DIGITS.test(value) ? Number(value) : value
}
