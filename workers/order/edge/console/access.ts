import { decode, verifyWithJwks } from 'hono/jwt'
import { z } from 'zod'
import { within } from '../../../../src/cloudflare/within.ts'
import { PERSON_LENGTH_MAX } from '../../../../src/contracts/caller.ts'
import { HOUR_MS, type Instant, MINUTE_MS } from '../../../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../../../src/kernel/result.ts'
import type { Access } from '../../settings.ts'

/** Where Cloudflare Access puts the token of the person who signed in. */
export const ACCESS_HEADER = 'cf-access-jwt-assertion'

/** Where a team's keys are, below its domain. */
const KEYS_PATH = '/cdn-cgi/access/certs'

/** Access replaces its key every six weeks, and publishes the next one before. */
const FRESH_MS = HOUR_MS
/** A token may be signed by a key that is newer than ours: the keys are read again, at most once in this time. */
const REFRESH_EVERY_MS = MINUTE_MS
const READ_MS_MAX = 5_000
const KEYS_MAX = 20

export type AccessRefusal = 'no_token' | 'bad_token' | 'no_person' | 'unavailable'

const keySchema = z.looseObject({ kid: z.string(), kty: z.literal('RSA'), n: z.string(), e: z.string() })
const keysSchema = z.object({ keys: z.array(keySchema).min(1).max(KEYS_MAX) })

type Keys = z.infer<typeof keysSchema>['keys']

const payloadSchema = z.looseObject({
  exp: z.number(),
  email: z.string().min(1).max(PERSON_LENGTH_MAX).optional(),
})

type Ports = { now(): Instant; fetch: typeof fetch }

/** Checks tokens of Cloudflare Access. It lives as long as the isolate, and remembers the keys of the team. */
export const createAccessCheck = ({ now, fetch: read }: Ports) => {
  let known: { team: string; keys: Keys; readAt: Instant } | undefined
  let askedAt = Number.NEGATIVE_INFINITY

  const readKeys = async (team: string): Promise<Keys> => {
    askedAt = now()
    const response = await within(READ_MS_MAX, 'reading the keys of Access', read(team + KEYS_PATH))
    if (!response.ok) throw new Error(`Access answered ${response.status} for its keys`)
    const { keys } = keysSchema.parse(await response.json())
    known = { team, keys, readAt: now() }
    return keys
  }

  /** Known keys stay in use while the team's domain does not respond. */
  const keysFor = async (team: string, kid: unknown): Promise<Keys> => {
    const ours = known?.team === team ? known : undefined
    const isKnown = ours?.keys.some((key) => key.kid === kid) ?? false
    const isFresh = ours !== undefined && now() - ours.readAt < FRESH_MS
    const mayAsk = now() - askedAt >= REFRESH_EVERY_MS
    if (ours === undefined) return await readKeys(team)
    if ((isKnown && isFresh) || !mayAsk) return ours.keys
    return await readKeys(team).catch(() => ours.keys)
  }

  /** The email address of the person whose token this is. */
  return async (
    { team, audience }: Access,
    token: string | undefined,
  ): Promise<Result<string, AccessRefusal>> => {
    if (token === undefined || token === '') return refusal('no_token')
    const kid = kidOf(token)
    if (kid === undefined) return refusal('bad_token')
    let keys: Keys
    try {
      keys = await keysFor(team, kid)
    } catch {
      return refusal('unavailable')
    }
    try {
      const verification = { iss: team, aud: audience }
      const payload = await verifyWithJwks(token, { keys, allowedAlgorithms: ['RS256'], verification })
      const { email } = payloadSchema.parse(payload)
      return email === undefined ? refusal('no_person') : success(email)
    } catch {
      return refusal('bad_token')
    }
  }
}

export type AccessCheck = ReturnType<typeof createAccessCheck>

const kidOf = (token: string): string | undefined => {
  try {
    const { kid } = decode(token).header as { kid?: unknown }
    return typeof kid === 'string' ? kid : undefined
  } catch {
    return undefined
  }
}
