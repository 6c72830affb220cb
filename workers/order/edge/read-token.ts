import { decodeBase64Url, encodeBase64Url } from 'hono/utils/encode'
import { type StorageKey, storageKeysOf } from '../../../src/cloudflare/storage-key.ts'
import type { Instant } from '../../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../../src/kernel/result.ts'

/** As long as a customer watches an order. Nearly all orders are settled within minutes. */
const LIFETIME_MS = 24 * 3_600 * 1_000

const PREFIX = 'rt_'
/** When it expires, in milliseconds to the base of 36, and an HMAC-SHA-256 over that and the order's id. */
const TOKEN = /^rt_([0-9a-z]{1,11})\.([A-Za-z0-9_-]{43})$/

export const isReadToken = (credential: string): boolean => credential.startsWith(PREFIX)

/** Makes the read tokens of a deployment, and checks them. */
export type ReadTokens = {
  /**
   * A token that opens one order. It follows from the order and the key, so a repeated response has the same token.
   * Undefined where the deployment has no key to seal it with.
   */
  issue(orderId: string, placedAt: Instant): Promise<string | undefined>
  check(presented: Presented): Promise<Result<null, 'forged' | 'expired'>>
}

type Presented = { token: string; orderId: string; now: Instant }

/** The key that seals new tokens (undefined: none are made), and the keys that open tokens which are still good. */
export type ReadTokenKeys = {
  sealing: (() => Promise<CryptoKey>) | undefined
  opening: readonly (() => Promise<CryptoKey>)[]
}

export const createReadTokens = ({ sealing, opening }: ReadTokenKeys): ReadTokens => ({
  issue: async (orderId, placedAt) => {
    if (sealing === undefined) return undefined
    const expiresAt = (placedAt + LIFETIME_MS).toString(36)
    const seal = await crypto.subtle.sign('HMAC', await sealing(), sealed(orderId, expiresAt))
    return `${PREFIX}${expiresAt}.${encodeBase64Url(seal).replace('=', '')}`
  },

  check: async ({ token, orderId, now }) => {
    const [, expiresAt, seal] = TOKEN.exec(token) ?? []
    if (expiresAt === undefined || seal === undefined) return refusal('forged')
    const given = decodeBase64Url(seal)
    for (const key of opening) {
      if (await crypto.subtle.verify('HMAC', await key(), given, sealed(orderId, expiresAt))) {
        return now < Number.parseInt(expiresAt, 36) ? success(null) : refusal('expired')
      }
    }
    return refusal('forged')
  },
})

/**
 * `READ_TOKEN_KEY` and `READ_TOKEN_KEY_2` alone where one is set, so that other values void all tokens given out before.
 * The newer one seals, and both open: so a key is replaced without a gap. Where neither is set, `STORAGE_KEY`, which is
 * random: the bearer of a token can test guesses of its key offline. Older code sealed with the bootstrap key. Its tokens
 * stay good until they expire.
 */
export const readTokenKeysOf = (env: object, settings: Secrets): ReadTokenKeys => {
  const { readTokenKeys, bootstrapKey } = settings
  const opening = readTokenKeys.map((secret) => once(() => deriveFrom(secret)))
  if (opening.length > 0) return { sealing: opening[0], opening }
  const { current, all } = storageKeysOf(env)
  const derived = (key: StorageKey) => () => key.deriveKey('HMAC', 'read token')
  return {
    sealing: current && derived(current),
    opening: [...all.map(derived), once(() => deriveFrom(bootstrapKey))],
  }
}

/** Deriving a key costs more than a seal. */
const once = (derive: () => Promise<CryptoKey>): (() => Promise<CryptoKey>) => {
  let key: Promise<CryptoKey> | undefined
  return () => {
    key ??= derive()
    return key
  }
}

type Secrets = { readTokenKeys: readonly string[]; bootstrapKey: string }

const sealed = (orderId: string, expiresAt: string): Uint8Array => bytesOf(`${orderId}.${expiresAt}`)

/** A key for this purpose alone (HKDF, RFC 5869): one of its seals is useless for every other purpose. */
const deriveFrom = async (secret: string): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey('raw', bytesOf(secret), 'HKDF', false, ['deriveKey'])
  const derivation = {
    name: 'HKDF',
    hash: 'SHA-256',
    salt: bytesOf(''),
    info: bytesOf('edge-orders read token 1'),
  }
  return await crypto.subtle.deriveKey(
    derivation,
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign', 'verify'],
  )
}

const encoder = new TextEncoder()

const bytesOf = (text: string): Uint8Array => encoder.encode(text)
