import type { Context, Env } from 'hono'

/**
 * Keeps the platform from dropping what others wait for together with the caller that began it, when that one hangs up.
 * Hono throws where a test passes no context: nothing ends early there.
 */
export const keepAlive = <E extends Env>(c: Context<E>, work: Promise<unknown>): void => {
  try {
    c.executionCtx.waitUntil(work)
  } catch {
    // See above.
  }
}
