import type { ExternalOrder } from '../../contracts/external-order.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Order } from '../order.ts'
import type { PricingRefusal } from '../pricing.ts'
import { isSameOrder } from '../same-order.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { orderOf, orderOfAnyVersion } from './external-id-lookup.ts'
import type { PlacementActions, Priced } from './placement.ts'

/** An order with an external id. The same order may come again; it is not priced again. */
export type ExternalPlaceRequest = {
  asked: ExternalOrder
  client: string
  placement: Priced
  /** Under which the order is stored. A Worker of an earlier version sends none during a deployment. */
  uniqueId?: string
  /** Hashes of its payment token, one for each key. A Worker of an earlier version sends none. */
  tokenHashes?: readonly string[]
}

/** Why an order with an external id cannot be placed. */
export type ExternalRefusal = {
  /** The external id. */
  orderId: string
  reason: PricingRefusal | { code: 'order_id_taken'; detail: string }
}

type Ports = { host: PartitionHost; storeNew: PlacementActions['storeNew'] }

/** Places orders with external ids in a partition. */
export const createExternalPlacement = ({ host, storeNew }: Ports) => ({
  /** Which of the orders cannot be placed, and why. */
  refuse: (requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] =>
    refusalsOf(requests, storedFor(host, requests)),

  /** Places all of the orders, or none of them where one cannot be placed. */
  place: (requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] =>
    host.turn(() => {
      const stored = storedFor(host, requests)
      const refusals = refusalsOf(requests, stored)
      if (refusals.length > 0) return refusals
      for (const { asked, placement } of requests) {
        if (placement.ok && !stored.has(asked.orderId)) storeNew(placement.value)
      }
      return []
    }),
})

/** The stored orders with the external ids of the requests. */
const storedFor = ({ sql }: PartitionHost, requests: readonly ExternalPlaceRequest[]) =>
  new Map(
    requests.flatMap(({ asked: { orderId: externalId }, client, uniqueId }): [string, Order][] => {
      const name = { client, externalId }
      const order = uniqueId === undefined ? orderOfAnyVersion(sql, name) : orderOf(sql, name, uniqueId)
      return order === undefined ? [] : [[externalId, order]]
    }),
  )

const refusalsOf = (
  requests: readonly ExternalPlaceRequest[],
  stored: ReadonlyMap<string, Order>,
): ExternalRefusal[] =>
  requests.flatMap(({ asked, client, placement, tokenHashes = [] }): ExternalRefusal[] => {
    const { orderId } = asked
    const order = stored.get(orderId)
    if (order === undefined) return placement.ok ? [] : [{ orderId, reason: placement.reason }]
    const isSame = isSameOrder(order, asked, { client, tokenHashes })
    return isSame ? [] : [{ orderId, reason: taken(order, asked) }]
  })

const taken = (order: Order, { orderId }: ExternalOrder): ExternalRefusal['reason'] => ({
  code: 'order_id_taken',
  detail: isUnknownOrder(order)
    ? `An event about ${orderId} arrived before the order was placed, so ${orderId} was rejected for good. Use another id.`
    : `You have placed ${orderId} with other content. Use another id for another order.`,
})

export type ExternalPlacement = ReturnType<typeof createExternalPlacement>
