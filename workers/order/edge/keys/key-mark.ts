import { type StorageKey, storageKeysOf } from '../../../../src/cloudflare/storage-key.ts'
import { randomDigits } from '../../../../src/kernel/ids.ts'

/** 40 bits: of a million invented keys a second one passes in about twelve days, and costs one look-up. */
export const MARK_DIGITS = 8

/**
 * The end of a key, which follows from the rest of it and a secret of the deployment. It opens nothing. It tells a key
 * that was made here from an invented one without asking the database.
 */
export type KeyMark = {
  /** The mark for a key that begins like this; none where the deployment has no secret to make it with. */
  make(body: string): Promise<string | undefined>
  /** Whether this key was made here. A key without a mark may have been: by older code, or under a lost secret. */
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
