/** Throws when an invariant of ours is broken. Never for what comes from outside: that is parsed. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Broken invariant: ${message}`)
}
