import { keyedHashes } from '../../src/cloudflare/keyed-hash.ts'
import { storageKeysOf } from '../../src/cloudflare/storage-key.ts'
import { hashedText, type TokenHasher } from '../../src/order/payment-token.ts'

/** Undefined where the Worker has no key. */
export const createTokenHasher = (env: OrderEnv): TokenHasher | undefined => {
  const keys = storageKeysOf(env)
  if (keys.current === undefined) return undefined
  return (client, externalId, token) =>
    keyedHashes(keys, 'payment token', hashedText(client, externalId, token))
}
