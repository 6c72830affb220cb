import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { within } from '../../src/cloudflare/within.ts'
import {
  BOOTSTRAP_CLIENT,
  BOOTSTRAP_KEY_ID,
  type Caller,
  SCOPES,
  type Scope,
} from '../../src/contracts/caller.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import type { Log } from '../../src/messaging/partition.ts'
import { bearerToken } from './bearer.ts'
import { apiKeyId, hashApiKey } from './keys/api-key.ts'
import { type ApiKey, readKey } from './keys/key-list.ts'
import type { KeyRing } from './keys/key-ring.ts'
import { mayGuess, tooManyGuesses } from './rate-limits.ts'
import type { OrderRoutesEnv } from './variables.ts'

/** The key that comes with the deployment may do everything, for every client. */
const BOOTSTRAP_CALLER: Caller = { client: BOOTSTRAP_CLIENT, scopes: [...SCOPES], keyId: BOOTSTRAP_KEY_ID }

/** A read takes milliseconds; a caller does not wait longer than this to be told to come again. */
const READ_TIMEOUT_MS = 5_000

/** What an unknown key is compared with, so that it takes the same work as a wrong one. */
const NO_HASH = '0'.repeat(64)

/** What somebody sent as a key; without an id it cannot be one of ours. */
type Presented = { id: string | undefined; hash: string }

type Reason = 'unauthorized' | 'tooManyGuesses' | 'unavailable'

/** `Authorization: Bearer KEY` → the caller. */
export const authenticate = (keyRing: KeyRing, log: Log) =>
  createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const key = bearerToken(c.req.header('authorization'))
    if (key === undefined) return refuse(c, 'unauthorized')
    const presented = { id: apiKeyId(key), hash: await hashApiKey(key) }
    const isBootstrap = isEqual(presented.hash, await hashApiKey(c.var.settings.bootstrapKey))
    const caller = isBootstrap ? success(BOOTSTRAP_CALLER) : await findCaller(c, presented, keyRing, log)
    if (!caller.ok) return refuse(c, caller.reason)
    c.set('caller', caller.value)
    return await next()
  })

/** A key is a guess until it was seen to be right. Guesses are counted, and not looked up when they are too many. */
const findCaller = async (
  c: Context<OrderRoutesEnv>,
  { id, hash }: Presented,
  keyRing: KeyRing,
  log: Log,
): Promise<Result<Caller, Reason>> => {
  const isGuess = id === undefined || !opens(hash, keyRing.seen(id))
  if (isGuess && !(await mayGuess(c))) return refusal('tooManyGuesses')
  if (id === undefined) return refusal('unauthorized')
  const found = await lookUp(c, id, keyRing, log)
  if (!found.ok) return found
  const isRight = opens(hash, found.value)
  if (!isRight || found.value === undefined) return refusal('unauthorized')
  return success({ client: found.value.client, scopes: found.value.scopes, keyId: id })
}

/** A database that is away says nothing about a key: neither that it is good nor that it is not. */
const lookUp = async (
  c: Context<OrderRoutesEnv>,
  id: string,
  keyRing: KeyRing,
  log: Log,
): Promise<Result<ApiKey | undefined, Reason>> => {
  const read = (wanted: string) =>
    within(READ_TIMEOUT_MS, 'reading an API key', readKey(c.env.ORDERS_DB, wanted))
  try {
    const found = await keyRing.find(id, read)
    return found.ok ? found : refusal('unavailable')
  } catch (error) {
    log('error', 'API keys could not be read', { traceId: c.var.traceId, error: String(error) })
    return refusal('unavailable')
  }
}

const opens = (hash: string, key: ApiKey | undefined): boolean => isEqual(hash, key?.hash ?? NO_HASH)

/** In constant time. Both are hashes, so their lengths are equal. */
const isEqual = (left: string, right: string): boolean => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  return crypto.subtle.timingSafeEqual(bytes(left), bytes(right))
}

const refuse = (c: Context<OrderRoutesEnv>, reason: Reason): Response => {
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

/** The key may make this call, or is told what it lacks. */
export const requireScope = (scope: Scope | 'open') =>
  createMiddleware<OrderRoutesEnv>(async (c, next) => {
    if (scope === 'open' || c.var.caller.scopes.includes(scope)) return await next()
    return problem(c, 'forbidden', { detail: `This call needs a key with the scope ${scope}.` })
  })
