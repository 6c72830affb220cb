import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { OrderView } from '../../../src/order/order-view.ts'
import { placeWithRoom } from '../../../src/order/placing-with-room.ts'
import { priceOrder } from '../../../src/order/pricing.ts'
import type { Outlet } from '../platform/platform.ts'
import type { Action, Item } from '../world/action.ts'
import { type ClientPorts, requestFor, SHOP, tokenOf } from './client-ports.ts'
import { checkPaused } from './known-pauses.ts'

type Placing = Action & { kind: 'place' }

/** Each customer places one order, under a key, as often as it takes. So even the strictest bounds refuse none. */
const BOUNDS = { customer: { orders: 1, units: 1 }, failures: 1 }

/** Refusals after which a client tries again. */
const MAY_CHANGE: readonly string[] = ['unknown_product', 'orders_paused']

/** No request waits in a Worker for longer: its caller has left by then. The world may stand still for a day meanwhile. */
const REQUEST_MS_MAX = 10 * MINUTE_MS

/** Places an order as `POST /orders` does. */
export const placeOrder = async (
  ports: ClientPorts,
  { key, order }: Placing,
  { items, tag }: { items: readonly Item[]; tag: string },
  outlet: Outlet,
): Promise<void> => {
  const { platform, records } = ports
  const askedAt = platform.scheduler.now
  const request = requestFor('POST /orders', key, { items, tag })
  const response = await ports.persist(outlet, key, async () => {
    const sentAt = platform.scheduler.now
    const priced = await price(ports, items, outlet)
    if (platform.scheduler.now - sentAt > REQUEST_MS_MAX) throw new Error('The caller has left.')
    const { orders } = ports.system().partitionsFor(outlet)
    const { label, orderId } = orders.assign(key, outlet.actor.now())
    const about = { orderId, client: SHOP, reference: tag, ...ownDetails(ports, { order, key, tag }) }
    const placement = priced.ok ? { ok: true as const, value: { ...priced.value, ...about } } : priced
    const asked = { request, placement, bounds: BOUNDS }
    const placed = await placeWithRoom(label, asked, {
      ...{ labels: orders.labels, fenced: [], earlier: undefined, full: ports.full },
      place: async (at, each) => {
        if (each.placement.ok) records.recordId(each.placement.value.orderId, order)
        return ports.system().setup.isRush
          ? await ports.placeTogether(at, { client: SHOP, request: each }, outlet)
          : await orders.at(at).place(each)
      },
    })
    if (!placed.ok && MAY_CHANGE.includes(placed.reason.code)) throw new Error(placed.reason.code)
    return placed
  })
  if (response === undefined) return
  if (!response.ok) {
    recordRefusal(ports, response.reason.code, { key, tag })
    return
  }
  const { isReplay } = response.value
  const view = response.value.order as OrderView
  records.compareResponse(request, view)
  platform.trace(outlet.actor.name, () => `placed ${view.orderId}${isReplay ? ' (replay)' : ''}`)
  if (!records.orderIds.has(order) || tag.startsWith('order')) records.orderIds.set(order, view.orderId)
  const waitedMs = platform.scheduler.now - askedAt
  records.responses.push({ kind: 'order', tag, order, orderId: view.orderId, key, waitedMs })
}

const price = async (
  { platform, records, system, catalogue }: ClientPorts,
  items: readonly Item[],
  outlet: Outlet,
) => {
  const beganAt = platform.scheduler.now
  const database = system().readModels.order.binding(outlet)
  const productIds = items.map((item) => item.productId)
  const priced = priceOrder(items, await catalogue.find(database, productIds), {})
  const isRefused = !priced.ok && priced.reason.code === 'orders_paused'
  if (priced.ok || isRefused) checkPaused(platform, records.pauses, { items, beganAt, isRefused })
  return priced
}

/** Only an order under a key has a customer. */
const ownDetails = (
  ports: ClientPorts,
  { order, key, tag }: { order: number; key: string | undefined; tag: string },
) => {
  const paymentToken = tokenOf(ports, order)
  return {
    ...(key !== undefined && { customerId: `customer of ${tag}` }),
    ...(paymentToken !== undefined && { paymentToken }),
  }
}

const recordRefusal = (
  { platform, records }: ClientPorts,
  code: string,
  { key, tag }: { key: string | undefined; tag: string },
): void => {
  if (code === 'idempotency_key_reused' && key !== undefined)
    records.responses.push({ kind: 'refused as reused', tag, key })
  if (code === 'too_many_open_orders')
    platform.violated('a customer with nothing else open is never refused', tag)
}
