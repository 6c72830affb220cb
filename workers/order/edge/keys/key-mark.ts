import { type StorageKey, storageKeysOf } from '../../../../src/cloudflare/storage-key.ts'
import { randomDigits } from '../../../../src/kernel/ids.ts'

/** 40 bits: at a million invented keys a second, one passes in about twelve days, and costs one look-up. */
export const MARK_DIGITS = 8

/**
 * The end of a key, which follows from the rest of it and a secret of the deployment. It grants nothing. It shows, without
 * a query, that a key was made here and not invented.
 */
export type KeyMark = {
  /** The mark for a key with this beginning. Undefined where the deployment has no secret to make it with. */
  make(body: string): Promise<string | undefined>
  /** Whether the mark shows that this key was made here. Keys of older code and of a lost secret have no such mark. */
  isOn(key: string): Promise<boolean>
}

export const keyMarkOf = (env: object): KeyMark => {
  const { current, all } = storageKeysOf(env)
  return {
    make: async (body) => (current === undefined ? undefined : await markOf(current, body)),
    isOn: async (key) => {
      const [body, end] = [key.slice(0, -MARK_DIGITS), key.slice(-MARK_DIGITS)]
      for (const secret of all) if ((await markOf(secret, body)) === end) return true
      return false
    },
  }
}

const markOf = async (secret: StorageKey, body: string): Promise<string> => {
  const key = await secret.deriveKey('HMAC', 'API key mark')
  const seal = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(body)))
  return randomDigits(MARK_DIGITS, (count) => seal.subarray(0, count))
}
