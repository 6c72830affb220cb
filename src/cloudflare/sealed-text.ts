import { decodeBase64Url, encodeBase64Url } from 'hono/utils/encode'
import { type Result, refusal, success } from '../kernel/result.ts'
import { SEAL_PREFIX, type SealFault } from '../messaging/seal.ts'
import type { StorageKey, StorageKeys } from './storage-key.ts'

/** `owner` is the id of the row that holds the text. Copied into another row, the text does not open. */
export type SealedFor = { purpose: string; owner: string }

/**
 * The length that AES-GCM takes. Random values do not repeat within the 2^32 texts that one key may seal (NIST SP
 * 800-38D, 8.3).
 */
const IV_BYTES = 12

export const isSealed = (text: string): boolean => text.startsWith(SEAL_PREFIX)

/** Seals with AES-256-GCM, as `sealed.<id of the key>.<iv and ciphertext in base64url>`. */
export const sealText = async (
  key: StorageKey,
  { purpose, owner }: SealedFor,
  text: string,
): Promise<string> => {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const aesKey = await key.deriveKey('AES-GCM', purpose)
  const ciphertext = await crypto.subtle.encrypt(algorithm(iv, owner), aesKey, bytesOf(text))
  const bytes = new Uint8Array([...iv, ...new Uint8Array(ciphertext)])
  return `${SEAL_PREFIX}${await key.id()}.${encodeBase64Url(bytes.buffer)}`
}

/** Whether the text is sealed with this key. */
export const isSealedWith = async (key: StorageKey, text: string): Promise<boolean> =>
  text.startsWith(`${SEAL_PREFIX}${await key.id()}.`)

/** Opens with the key that sealed the text. */
export const openText = async (
  keys: StorageKeys,
  sealedFor: SealedFor,
  sealed: string,
): Promise<Result<string, SealFault>> => {
  for (const key of keys.all)
    if (await isSealedWith(key, sealed)) return await openWith(key, sealedFor, sealed)
  return refusal('unknown_key')
}

const openWith = async (
  key: StorageKey,
  { purpose, owner }: SealedFor,
  sealed: string,
): Promise<Result<string, SealFault>> => {
  const aesKey = await key.deriveKey('AES-GCM', purpose)
  try {
    const bytes = decodeBase64Url(sealed.slice(sealed.lastIndexOf('.') + 1))
    const [iv, ciphertext] = [bytes.slice(0, IV_BYTES), bytes.slice(IV_BYTES)]
    const text = await crypto.subtle.decrypt(algorithm(iv, owner), aesKey, ciphertext)
    return success(new TextDecoder().decode(text))
  } catch {
    return refusal('broken')
  }
}

const algorithm = (iv: Uint8Array, owner: string) => ({ name: 'AES-GCM', iv, additionalData: bytesOf(owner) })

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
