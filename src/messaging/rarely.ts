import type { Instant } from '../kernel/instant.ts'

/** Reads at most once in so long. In between, callers get what was read last. */
export const rarely = <Value>(now: () => Instant, everyMs: number, read: () => Value): (() => Value) => {
  let known: { value: Value; readAt: Instant } | undefined
  return () => {
    const at = now()
    if (known === undefined || at - known.readAt >= everyMs) known = { value: read(), readAt: at }
    return known.value
  }
}
