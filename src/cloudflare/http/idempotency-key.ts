import type { Context } from 'hono'
import { canonicalJson } from '../../kernel/canonical-json.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { TooMany } from '../../messaging/hourly-allowance.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import { sha256 } from '../sha256.ts'
import { problem } from './problem.ts'
import { bodyOf } from './request-body.ts'

/** The client, call and body of a request under its idempotency key. `requestKey` and `fingerprint` are hashes. */
export type KeyedRequest = IdempotentRequest & { key: string }

const KEY = /^[\x21-\x7e]{1,255}$/

/**
 * The request under its idempotency key; undefined without the header. Callers may name an order in several ways: `path`
 * then names it by its unique id.
 */
export const keyedRequest = async (
  c: Context,
  client: string,
  path: string = c.req.path,
): Promise<Result<KeyedRequest | undefined, string>> => {
  const key = c.req.header('idempotency-key')
  if (key === undefined) return success(undefined)
  if (!KEY.test(key)) return refusal('must be 1 to 255 visible ASCII characters')
  const { value } = await bodyOf(c)
  const [requestKey, fingerprint] = await Promise.all([
    sha256(JSON.stringify([client, c.req.method, path, key])),
    sha256(canonicalJson(value)),
  ])
  return success({ key: `${client}/${key}`, requestKey, fingerprint, client })
}

/** The header that says that the response repeats the first one. */
export const replayed = (isReplay: boolean): Record<string, string> =>
  isReplay ? { 'idempotency-replayed': 'true' } : {}

export const badKey = (c: Context, message: string) =>
  problem(c, 'validation_failed', {
    detail: `The header Idempotency-Key ${message}.`,
    errors: [{ path: '/Idempotency-Key', message }],
  })

/** Nothing was done, and the key is free. */
export const tooManyKeys = (c: Context, { retryAfterSeconds }: TooMany) =>
  problem(c, 'rate_limited', {
    detail: `This client used more idempotency keys in this hour than it may for what places no order. Try again in ${retryAfterSeconds} seconds.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  })
