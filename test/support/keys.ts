import type { Scope } from '../../src/contracts/caller.ts'
import { createdKeySchema } from '../../src/contracts/http/keys.ts'
import type { SharedSystem } from './harness.ts'
import { openShop } from './shop.ts'

/** Creates a key as the operators do. */
export const createApiKey = async (system: SharedSystem, client: string, scopes: readonly Scope[]) => {
  const { status, body } = await openShop(system).post('/keys', { client, scopes })
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`)
  const { id, key } = createdKeySchema.required({ key: true }).parse(body)
  return { id, key }
}

/** A shop with a key of its own. */
export const openShopOf = async (system: SharedSystem, client: string, scopes: readonly Scope[]) =>
  openShop(system, (await createApiKey(system, client, scopes)).key)
