type Patience = { withinMs?: number; everyMs?: number }

/** Long enough for several queue hops on a busy machine. */
const WITHIN_MS = 20_000
const EVERY_MS = 25

/** A long wait reads less often. It sees the value at most a twentieth later, and leaves the processor to other tests. */
const SHARE_OF_WAIT = 1 / 20

/**
 * Reads until the value is accepted, and returns it; a read that throws counts as not yet.
 * After the deadline it fails with the last value and, as the cause, the last error.
 */
export const eventually = async <Value>(
  read: () => Value | Promise<Value>,
  accept: (value: Value) => boolean,
  { withinMs = WITHIN_MS, everyMs = EVERY_MS }: Patience = {},
): Promise<Value> => {
  const startedAt = performance.now()
  const deadline = startedAt + withinMs
  for (;;) {
    const attempt = await attempted(read)
    if ('value' in attempt && accept(attempt.value)) return attempt.value
    if (performance.now() >= deadline) throw overdue(attempt, withinMs, accept)
    const waitedMs = performance.now() - startedAt
    await new Promise((resolve) => setTimeout(resolve, Math.max(everyMs, waitedMs * SHARE_OF_WAIT)))
  }
}

type Attempt<Value> = { value: Value } | { error: unknown }

const attempted = async <Value>(read: () => Value | Promise<Value>): Promise<Attempt<Value>> => {
  try {
    return { value: await read() }
  } catch (error) {
    return { error }
  }
}

const overdue = <Value>(attempt: Attempt<Value>, withinMs: number, accept: unknown): Error => {
  const last =
    'value' in attempt
      ? `the last value was ${shown(attempt.value)}`
      : `the last read failed: ${attempt.error}`
  return new Error(`not within ${withinMs} ms: ${String(accept)}; ${last}`, {
    cause: 'error' in attempt ? attempt.error : undefined,
  })
}

const shown = (value: unknown): string => JSON.stringify(value, null, 2) ?? String(value)
