import { keyedHashes } from '../../src/cloudflare/keyed-hash.ts'
import { storageKeysOf } from '../../src/cloudflare/storage-key.ts'
import { hashedText } from '../../src/order/token.ts'

/** Hashes of a payment token under every key that this Worker has, newest first. */
export type TokenHasher = (client: string, externalId: string, token: string) => Promise<readonly string[]>

/** None where the Worker has no key. */
export const createTokenHasher = (env: OrderEnv): TokenHasher | undefined => {
  const keys = storageKeysOf(env)
  if (keys.current === undefined) return undefined
  return (client, externalId, token) =>
    keyedHashes(keys, 'payment token', hashedText(client, externalId, token))
}
