import { decodeBase64Url, encodeBase64Url } from 'hono/utils/encode'
import type { Instant } from '../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'

/** As long as a customer watches an order. Nearly all are settled within minutes. */
const LIFETIME_MS = 24 * 3_600 * 1_000

const PREFIX = 'rt_'
/** When it expires, in milliseconds to the base of 36, and an HMAC-SHA-256 over that and the order's id. */
const TOKEN = /^rt_([0-9a-z]{1,11})\.([A-Za-z0-9_-]{43})$/

export const isReadToken = (credential: string): boolean => credential.startsWith(PREFIX)

/** Opens one order to its reader. It follows from the order and the secret, so a repeated answer has the same one. */
export const issueReadToken = async (secret: string, orderId: string, placedAt: Instant): Promise<string> => {
  const expiresAt = (placedAt + LIFETIME_MS).toString(36)
  const seal = await crypto.subtle.sign('HMAC', await keyOf(secret), sealed(orderId, expiresAt))
  return `${PREFIX}${expiresAt}.${encodeBase64Url(seal).replace('=', '')}`
}

export const checkReadToken = async (
  secret: string,
  { token, orderId, now }: { token: string; orderId: string; now: Instant },
): Promise<Result<null, 'forged' | 'expired'>> => {
  const [, expiresAt, seal] = TOKEN.exec(token) ?? []
  if (expiresAt === undefined || seal === undefined) return refusal('forged')
  const given = decodeBase64Url(seal)
  const isGenuine = await crypto.subtle.verify('HMAC', await keyOf(secret), given, sealed(orderId, expiresAt))
  if (!isGenuine) return refusal('forged')
  return now < Number.parseInt(expiresAt, 36) ? success(null) : refusal('expired')
}

const sealed = (orderId: string, expiresAt: string): Uint8Array => bytesOf(`${orderId}.${expiresAt}`)

/** A key for this purpose alone (HKDF, RFC 5869): a seal says nothing about seals made for another. */
const keyOf = async (secret: string): Promise<CryptoKey> => {
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

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
