import type { ExternalOrder } from '../../../src/contracts/external-order.ts'
import { hash32 } from '../../../src/kernel/hash.ts'
import type { IdempotentRequest } from '../../../src/messaging/idempotency.ts'
import type { TokenHasher } from '../../../src/order/payment-token.ts'
import { priceOrder } from '../../../src/order/pricing.ts'
import type { Catalogue } from '../../../workers/order/catalogue.ts'
import { type Published, publishOrders } from '../../../workers/order/external-orders.ts'
import type { Outlet } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import type { Item } from '../world/action.ts'

type Asked = {
  ids: readonly string[]
  items: readonly Item[]
  tag: string
  client: string
  token: string | undefined
  key: string | undefined
  request: IdempotentRequest | undefined
}

/**
 * The ids that a client gives to the two orders of one batch, and the key. In half of the cases two rivals want the same
 * ids under two keys. In the other half they have two pairs of ids under one key.
 */
export const contendedIds = ({ order, key }: { order: number; key: string | undefined }, tag: string) => {
  const isForIds = order % 2 === 0
  const pair = isForIds ? `web-${order}` : `web-${tag}`
  return { ids: [pair, `${pair}-again`], key: isForIds && key !== undefined ? `${key}/${tag}` : key }
}

/** A stand-in for an HMAC. */
export const hashesOf = (...named: Parameters<TokenHasher>): string[] => [`simulated.${hash32(named.join())}`]

/** The hash is there at once. Only the world decides what comes next. */
const hashToken: TokenHasher = async (...named) => hashesOf(...named)

/** Publishes two orders in one batch, mostly in two partitions. A repetition has the total of the first time. */
export const createPublishing = (asked: Asked) => {
  let totalAmount: number | undefined
  return async (system: System, catalogue: Catalogue, outlet: Outlet): Promise<Published> => {
    const { items, tag, client, token, key, request } = asked
    const database = system.readModels.order.binding(outlet)
    const findProducts = (productIds: readonly string[]) => catalogue.find(database, productIds)
    const priced = priceOrder(items, await findProducts(items.map((item) => item.productId)), {})
    if (priced.ok) totalAmount ??= priced.value.totalMinor / 100
    if (totalAmount === undefined) throw new Error('the catalogue does not know the products yet')
    const content = {
      items,
      totalAmount,
      currency: 'USD',
      ...(token !== undefined && { paymentToken: token }),
    }
    const events = asked.ids.map((orderId, nth) => ({
      at: [nth, 'data'],
      value: { ...content, orderId, customerId: `${tag}-${nth}` } satisfies ExternalOrder,
    }))
    return await publishOrders(
      {
        events,
        client,
        trace: { sent: undefined, own: '' },
        request: key === undefined || request === undefined ? undefined : { ...request, key },
      },
      { gateway: 'simulator', partitions: system.partitionsFor(outlet).orders, findProducts, hashToken },
    )
  }
}
