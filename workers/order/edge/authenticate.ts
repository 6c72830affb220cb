import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { within } from '../../../src/cloudflare/within.ts'
import {
  BOOTSTRAP_CLIENT,
  BOOTSTRAP_KEY_ID,
  type Caller,
  SCOPES,
  type Scope,
} from '../../../src/contracts/caller.ts'
import { type Result, refusal, success } from '../../../src/kernel/result.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { OrderRoutesEnv } from '../variables.ts'
import { bearerToken } from './bearer-token.ts'
import { inProcessCallerOf } from './in-process-caller.ts'
import { apiKeyId } from './keys/api-key.ts'
import { type ApiKey, readKey, readUnmarkedIds } from './keys/key-list.ts'
import { keyMarkOf } from './keys/key-mark.ts'
import type { KeyRing } from './keys/key-ring.ts'
import { LISTED_MAX } from './keys/unmarked-keys.ts'
import { mayGuess, tooManyGuesses } from './rate-limits.ts'

/** The bootstrap key comes with the deployment. It has every scope and acts for every client. */
const BOOTSTRAP_CALLER: Caller = { client: BOOTSTRAP_CLIENT, scopes: [...SCOPES], keyId: BOOTSTRAP_KEY_ID }

/** A read takes milliseconds. After this time the caller gets 503, to repeat the request. */
const READ_TIMEOUT_MS = 5_000

/** An unknown key is compared with this hash, so that it costs the same work as a wrong key. */
const NO_HASH = '0'.repeat(64)

/** A text that a caller presented as its key. Without an id it cannot be one of our keys. */
type Presented = { key: string; id: string | undefined; hash: string }

export type Reason = 'unauthorized' | 'tooManyGuesses' | 'unavailable'

/** `Authorization: Bearer KEY` → the caller. */
export const authenticate = (keyRing: KeyRing, log: Log) =>
  createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const caller = await identify(c, keyRing, log)
    if (!caller.ok) return refuse(c, caller.reason)
    c.set('caller', caller.value)
    return await next()
  })

/** A session's key: its id, and the hash that tells it from another key under the same id. */
export type SessionKey = { keyId: string; hash: string }

/** The caller of a session, by the same rules as for its key: a revoked or replaced key ends it. */
export const identifySession = async (
  c: Context<OrderRoutesEnv>,
  { keyId, hash }: SessionKey,
  { keyRing, log }: Known,
): Promise<Result<Caller, Reason>> => {
  if (keyId === BOOTSTRAP_KEY_ID) {
    const isCurrent = isEqual(hash, await keyRing.hash(c.get('settings').bootstrapKey))
    return isCurrent ? success(BOOTSTRAP_CALLER) : refusal('unauthorized')
  }
  const read = (id: string) => soon('reading an API key', readKey(c.env.ORDERS_DB, id))
  try {
    const found = await keyRing.find(keyId, { read, isOurs: async () => true })
    if (!found.ok) return refusal('unavailable')
    return opens(hash, found.value) && found.value !== undefined
      ? success(callerWith(found.value))
      : refusal('unauthorized')
  } catch (error) {
    log('error', 'API keys could not be read', { traceId: c.get('traceId'), error: String(error) })
    return refusal('unavailable')
  }
}

/** The caller by the key of the request. */
export const identify = async (
  c: Context<OrderRoutesEnv>,
  keyRing: KeyRing,
  log: Log,
): Promise<Result<Caller, Reason>> => {
  const caller = inProcessCallerOf(c.req.raw)
  if (caller !== undefined) return success(caller)
  const key = bearerToken(c.req.header('authorization'))
  return key === undefined ? refusal('unauthorized') : await identifyKey(c, key, { keyRing, log })
}

type Known = { keyRing: KeyRing; log: Log }

/** The caller whose key this is. */
export const identifyKey = async (
  c: Context<OrderRoutesEnv>,
  key: string,
  { keyRing, log }: Known,
): Promise<Result<Caller, Reason>> => {
  const presented = { key, id: apiKeyId(key), hash: await keyRing.hash(key) }
  const isBootstrap = isEqual(presented.hash, await keyRing.hash(c.get('settings').bootstrapKey))
  return isBootstrap ? success(BOOTSTRAP_CALLER) : await findCaller(c, presented, keyRing, log)
}

/** Only wrong keys count as guesses, so that no guesser can lock a good key out. */
const findCaller = async (
  c: Context<OrderRoutesEnv>,
  { key, id, hash }: Presented,
  keyRing: KeyRing,
  log: Log,
): Promise<Result<Caller, Reason>> => {
  const found = id === undefined ? success(undefined) : await lookUp(c, { key, id }, keyRing, log)
  if (!found.ok && found.reason === 'unavailable') return refusal('unavailable')
  const known = found.ok ? found.value : undefined
  if (opens(hash, known) && known !== undefined) return success(callerWith(known))
  if (!(await mayGuess(c))) return refusal('tooManyGuesses')
  return refusal(found.ok ? 'unauthorized' : 'unavailable')
}

const callerWith = ({ id, client, scopes, bounds }: ApiKey): Caller => ({
  ...{ client, scopes, keyId: id },
  ...(bounds !== undefined && { bounds }),
})

/** While the database is away a key is neither good nor wrong: the result is `unavailable`. */
const lookUp = async (
  c: Context<OrderRoutesEnv>,
  { key, id }: { key: string; id: string },
  keyRing: KeyRing,
  log: Log,
): Promise<Result<ApiKey | undefined, 'flooded' | 'unavailable'>> => {
  const database = c.env.ORDERS_DB
  const readUnmarked = () => soon('reading the list of API keys', readUnmarkedIds(database, LISTED_MAX))
  try {
    return await keyRing.find(id, {
      read: (wanted) => soon('reading an API key', readKey(database, wanted)),
      isOurs: async () =>
        (await keyMarkOf(c.env).isOn(key)) || (await keyRing.unmarked.has(id, readUnmarked)),
    })
  } catch (error) {
    log('error', 'API keys could not be read', { traceId: c.get('traceId'), error: String(error) })
    return refusal('unavailable')
  }
}

const soon = <Value>(what: string, read: Promise<Value>): Promise<Value> =>
  within(READ_TIMEOUT_MS, what, read)

/**
 * An effect that outlives its key needs a key that is good at this moment. For other calls an isolate may still accept,
 * for half a minute, a key that was revoked meanwhile.
 */
export const requireGoodKey = (keyRing: KeyRing, log: Log) =>
  createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const { keyId } = c.get('caller')
    if (keyId === undefined || keyId === BOOTSTRAP_KEY_ID) return await next()
    const isGood = await soon('reading an API key', readKey(c.env.ORDERS_DB, keyId)).then(
      (key) => key !== undefined,
      (error: unknown) => {
        log('error', 'API keys could not be read', { traceId: c.get('traceId'), error: String(error) })
        return undefined
      },
    )
    if (isGood === true) return await next()
    keyRing.forget(keyId)
    return refuse(c, isGood === undefined ? 'unavailable' : 'unauthorized')
  })

const opens = (hash: string, key: ApiKey | undefined): boolean => isEqual(hash, key?.hash ?? NO_HASH)

/** In constant time. Both are hashes, so their lengths are equal. */
const isEqual = (left: string, right: string): boolean =>
  crypto.subtle.timingSafeEqual(encoder.encode(left), encoder.encode(right))

const encoder = new TextEncoder()

const refuse = (c: Context<OrderRoutesEnv>, reason: Reason) => {
  switch (reason) {
    case 'unauthorized':
      return problem(c, 'unauthorized', {
        detail: 'Send a valid key as `Authorization: Bearer KEY`, with nothing after it.',
      })
    case 'tooManyGuesses':
      return tooManyGuesses(c)
    case 'unavailable':
      return problem(c, 'unavailable', { detail: 'The key could not be checked just now. Try again.' })
  }
}

/** Admits a key with this scope. Otherwise the response names the missing scope. */
export const requireScope = (scope: Scope | 'open') =>
  createMiddleware<OrderRoutesEnv>(async (c, next) => {
    if (scope === 'open' || c.get('caller').scopes.includes(scope)) return await next()
    return problem(c, 'forbidden', { detail: `This call needs a key with the scope ${scope}.` })
  })
