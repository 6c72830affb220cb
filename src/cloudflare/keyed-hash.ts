import { encodeBase64Url } from 'hono/utils/encode'
import type { StorageKey, StorageKeys } from './storage-key.ts'

/**
 * HMAC-SHA-256 of a text under each key, newest first, each as `<id of the key>.<43 characters of base64url>`. Without
 * the key a hash reveals nothing, even about a text that can be guessed.
 */
export const keyedHashes = (keys: StorageKeys, purpose: string, text: string): Promise<string[]> =>
  Promise.all(keys.all.map((key) => keyedHash(key, purpose, text)))

const keyedHash = async (key: StorageKey, purpose: string, text: string): Promise<string> => {
  const hmacKey = await key.deriveKey('HMAC', purpose)
  const hash = await crypto.subtle.sign('HMAC', hmacKey, new TextEncoder().encode(text))
  return `${await key.id()}.${encodeBase64Url(hash).replace('=', '')}`
}
