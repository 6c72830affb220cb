/** Throws when an invariant of ours is broken. Never for what comes from outside: that is parsed. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`)
}

/**
 * Ends a `switch` over a union of ours, so that a new member does not compile until it is handled. At run time a value
 * that is no member can only come from storage. The error names it by its kind alone, because the rest may be secret.
 */
export const assertNever = (value: never): never => {
  throw new Error(
    `Broken invariant: unexpected ${JSON.stringify(value, ['type', 'kind', 'state', 'status'])}`,
  )
}
