import { SCOPES } from '../../src/contracts/caller.ts'
import { API } from '../../src/contracts/http/api.ts'
import type { Operation } from '../../src/contracts/http/operation.ts'
import { startSystem } from '../support/harness.ts'
import { createApiKey, openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

export const CALLS: Operation[] = Object.values(API).flat()

/** The drills are calls too, and only a demo has them. */
const DEMO = { vars: { DEMO_CATALOGUE: 'true' } }

/** No server listens there. */
const NO_SERVER = 'http://127.0.0.1:9/hook'

export const NOT_OPERATIONS = SCOPES.filter((scope) => scope !== 'operations')

export type World = Awaited<ReturnType<typeof startWorld>>

/** One system for all of it: a client with things of its own, another one with the same rights, and the operators. */
export const startWorld = async () => {
  const system = await startSystem({ order: DEMO, payment: DEMO })
  const operator = openShop(system)
  await operator.stock('P001', 1_000)
  const { key } = await createApiKey(system, 'owner', NOT_OPERATIONS)
  const owner = openShop(system, key)
  const stranger = await openShopOf(system, 'stranger', NOT_OPERATIONS)
  const orderId = await owner.place([{ productId: 'P001', quantity: 2 }])
  await owner.settled(orderId)
  const webhook = await owner.post('/webhooks', { url: NO_SERVER, types: ['OrderSettled'] })
  const delivery = await owner.post(`/webhooks/${webhook.body.id}/test`)
  const ids = { orderId, id: webhook.body.id, deliveryId: delivery.body.id, productId: 'P001' }
  return { system, operator, owner, ownersKey: key, stranger, ids }
}

/** A good request to a call: the document's own example, at the address of the owner's things. */
export const requestTo = ({ route }: Operation, ids: Readonly<Record<string, string>>) => ({
  path: route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'none'),
  method: route.method.toUpperCase(),
  body: exampleOf(route),
})

const exampleOf = ({ request }: Operation['route']): unknown => {
  const [media] = Object.values(request?.body?.content ?? {})
  return media !== undefined && 'example' in media ? media.example : undefined
}
