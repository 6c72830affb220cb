import type { Outlet } from '../platform/platform.ts'
import type { Action } from '../world/action.ts'
import { type ClientPorts, drawId, requestFor } from './client-ports.ts'
import { IDEMPOTENT } from './persist.ts'

/** Adjusts the stock of a product, where the product is known. */
export const adjustStock = async (
  ports: ClientPorts,
  { productId, delta, key }: Action & { kind: 'adjust' },
  { tag, outlet }: { tag: string; outlet: Outlet },
): Promise<void> => {
  const { platform, records } = ports
  const request = requestFor(`POST /inventory/${productId}/adjustments`, key, { delta })
  const response = await ports.persist(outlet, key, async () => {
    const adjustmentId = drawId('adj', outlet)
    const partition = ports.system().partitionsFor(outlet).stock.of(productId)
    if ((await partition.product(productId)) === undefined) return undefined
    return await partition.adjust({ adjustmentId, productId, delta, reason: tag, request })
  })
  if (response?.ok !== true) return
  platform.trace(outlet.actor.name, () => `adjusted ${productId} by ${delta}`)
  records.compareResponse(request, response.value.level)
  records.responses.push({ kind: 'adjustment', tag, productId, key })
}

/** Changes the price of a product, where the product is known. */
export const changeProduct = async (
  { system, persist }: ClientPorts,
  { productId, unitPriceMinor }: Action & { kind: 'change product' },
  outlet: Outlet,
): Promise<void> => {
  const wanted = { productId, name: `Product ${productId}`, unitPriceMinor, currency: 'USD' }
  await persist(outlet, IDEMPOTENT, async () => {
    const partition = system().partitionsFor(outlet).stock.of(productId)
    if ((await partition.product(productId)) !== undefined) await partition.putProduct(wanted)
  })
}
