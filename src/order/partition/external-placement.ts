import type { ExternalOrder } from '../../contracts/external-order.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { isMarkedOrder } from '../content-mark.ts'
import type { Order } from '../order.ts'
import type { PricingRefusal } from '../pricing.ts'
import { isSameOrder } from '../same-order.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { markOf, orderOf, orderOfAnyVersion } from './external-id-lookup.ts'
import type { Mark } from './mark-store.ts'
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
    refusalsOf(requests, knownFor(host, requests)),

  /** Places all of the orders, or none of them where one cannot be placed. */
  place: (requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] =>
    host.turn(() => {
      const known = knownFor(host, requests)
      const refusals = refusalsOf(requests, known)
      if (refusals.length > 0) return refusals
      for (const { asked, placement } of requests) {
        if (placement.ok && !known.has(asked.orderId)) storeNew(placement.value)
      }
      return []
    }),
})

/** An order that is stored, or the mark of one that has left. */
type Known = { order: Order } | { mark: Mark }

/** What is known of the external ids of the requests. */
const knownFor = ({ sql }: PartitionHost, requests: readonly ExternalPlaceRequest[]) =>
  new Map(
    requests.flatMap(({ asked: { orderId: externalId }, client, uniqueId }): [string, Known][] => {
      const name = { client, externalId }
      const order = uniqueId === undefined ? orderOfAnyVersion(sql, name) : orderOf(sql, name, uniqueId)
      if (order !== undefined) return [[externalId, { order }]]
      const mark = markOf(sql, name, uniqueId)
      return mark === undefined ? [] : [[externalId, { mark }]]
    }),
  )

const isSame = (known: Known, { asked, client, tokenHashes = [] }: ExternalPlaceRequest): boolean =>
  'order' in known
    ? isSameOrder(known.order, asked, { client, tokenHashes })
    : known.mark.client === client && isMarkedOrder(known.mark, asked, tokenHashes)

const refusalsOf = (
  requests: readonly ExternalPlaceRequest[],
  knownOrders: ReadonlyMap<string, Known>,
): ExternalRefusal[] =>
  requests.flatMap((request): ExternalRefusal[] => {
    const { asked, placement } = request
    const { orderId } = asked
    const known = knownOrders.get(orderId)
    if (known === undefined) return placement.ok ? [] : [{ orderId, reason: placement.reason }]
    return isSame(known, request) ? [] : [{ orderId, reason: taken(known, asked) }]
  })

const taken = (known: Known, { orderId }: ExternalOrder): ExternalRefusal['reason'] => ({
  code: 'order_id_taken',
  detail:
    'order' in known && isUnknownOrder(known.order)
      ? `An event about ${orderId} arrived before the order was placed, so ${orderId} was rejected for good. Use another id.`
      : `You have placed ${orderId} with other content. Use another id for another order.`,
})

export type ExternalPlacement = ReturnType<typeof createExternalPlacement>
