import type { Context, Env } from 'hono'

/**
 * Keeps work alive that other callers wait for, when the caller that started it hangs up. Hono throws where a test passes
 * no context: no work ends early there.
 */
export const keepAlive = <E extends Env>(c: Context<E>, work: Promise<unknown>): void => {
  try {
    c.executionCtx.waitUntil(work)
  } catch {
    // No context: see above.
  }
}
