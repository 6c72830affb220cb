/** Ends a `switch` over our own union: a case that is forgotten does not compile. */
export const assertNever = (value: never): never => {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`)
}

/** Throws when an invariant of ours is broken. Never for what comes from outside: that is parsed. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`)
}
