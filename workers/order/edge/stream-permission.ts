import type { Context } from 'hono'
import { within } from '../../../src/cloudflare/within.ts'
import { BOOTSTRAP_KEY_ID } from '../../../src/contracts/caller.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { OrderRoutesEnv } from '../variables.ts'
import { readKey } from './keys/key-list.ts'
import type { KeyRing } from './keys/key-ring.ts'
import { createSharedKeyCheck } from './keys/shared-key-check.ts'

/** A read takes milliseconds. A stream checks again later. */
const READ_TIMEOUT_MS = 4_000

/** A check for responses that last: whether the key or read token that opened the response is still good. */
export const streamPermission = (keyRing: KeyRing, log: Log) => {
  const checkShared = createSharedKeyCheck({ now: Date.now, pause: (ms) => scheduler.wait(ms) })
  return (c: Context<OrderRoutesEnv>): (() => Promise<boolean>) => {
    const { readToken, caller } = c.var
    if (readToken !== undefined) return () => isGoodToken(c, readToken)
    const { keyId } = caller
    if (keyId === undefined || keyId === BOOTSTRAP_KEY_ID) return async () => true
    return checkShared(keyId, () => isGoodKey(c, keyId, keyRing, log))
  }
}

const isGoodToken = async (c: Context<OrderRoutesEnv>, token: string): Promise<boolean> => {
  const orderId = c.req.param('orderId') ?? ''
  const checked = await c.var.readTokens.check({ token, orderId, now: Date.now() })
  return checked.ok
}

const isGoodKey = async (
  c: Context<OrderRoutesEnv>,
  keyId: string,
  keyRing: KeyRing,
  log: Log,
): Promise<boolean | 'unavailable'> => {
  const read = (id: string) => within(READ_TIMEOUT_MS, 'reading an API key', readKey(c.env.ORDERS_DB, id))
  try {
    const found = await keyRing.find(keyId, { read, isOurs: async () => true })
    return found.ok ? found.value !== undefined : 'unavailable'
  } catch (error) {
    log('warn', 'the key of a stream could not be read', { traceId: c.var.traceId, error: String(error) })
    return 'unavailable'
  }
}
