/** What the client takes from its platform, so that a test can replace it. */
export type Environment = {
  fetch(request: Request): Promise<Response>
  /** Milliseconds since 1970. */
  now(): number
  /** Rejects with the signal's reason when the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Acts after the time. The returned function cancels it. */
  after(ms: number, act: () => void): () => void
  /** A random number, at least 0 and below 1. */
  chance(): number
  /** An idempotency key that was never used before. */
  freshKey(): string
}

/** A browser, Node from version 20, or a Worker. */
export const platform: Environment = {
  fetch: (request) => fetch(request),
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      const giveUp = () => {
        clearTimeout(timer)
        reject(signal?.reason)
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }, ms)
      signal?.addEventListener('abort', giveUp, { once: true })
    }),
  after: (ms, act) => {
    const timer = setTimeout(act, ms)
    return () => clearTimeout(timer)
  },
  chance: () => Math.random(),
  freshKey: () => crypto.randomUUID(),
}
