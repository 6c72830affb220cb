import type { ExternalOrder } from '../../contracts/external-order.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import { fence, type IdempotentRequest, type StoredResponse } from '../../messaging/idempotency.ts'
import { type Replied, repliedBefore, workOnce } from '../../messaging/idempotent-work.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { PlacingLimits } from '../open-order-limits.ts'
import { type Order, type Placement, placeOrder } from '../order.ts'
import { type OrderView, viewOrder } from '../order-view.ts'
import type { PricingRefusal } from '../pricing.ts'
import { isSameOrder } from '../same-order.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { orderOf, orderOfAnyVersion } from './external-id-lookup.ts'
import { createOpenOrders, type TooManyOpen } from './open-orders.ts'
import { loadOrder } from './order-store.ts'

type Unplaced = Omit<Placement, 'placedAt' | 'deadlineAt'>

/** The priced order, or why it cannot be placed. A repeated request gets its first response before this is read. */
type Priced = Result<Unplaced, PricingRefusal>

export type PlaceRequest = {
  request: IdempotentRequest | undefined
  placement: Priced
  /** Undefined where the caller has no limits, and where an older edge sends none. */
  bounds?: PlacingLimits | undefined
}

type Placed = { order: OrderView }

type PlaceRefusal = PricingRefusal | TooManyOpen | { code: 'request_in_progress' }

export type PlaceReply = Replied<Placed, PlaceRefusal>

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

type Ports = {
  host: PartitionHost
  deadlineMs: number
  /** Stores a new order, and publishes it once that is durable. */
  store(order: Order, now: Instant): void
}

/** Places orders in a partition. Used in a turn. */
export const createPlacement = ({ host, deadlineMs, store }: Ports) => {
  const openOrders = createOpenOrders(host)
  const storeNew = (placement: Unplaced, now: Instant): Order => {
    const order = placeOrder({ ...placement, placedAt: now, deadlineAt: now + deadlineMs })
    store(order, now)
    openOrders.track(undefined, order)
    return order
  }
  const placedBefore = {
    replay: ({ subject }: StoredResponse): Placed => ({ order: asPlaced(host, subject) }),
    fenced: { code: 'request_in_progress' } as const,
  }
  return {
    place: ({ request, placement, bounds }: PlaceRequest): PlaceReply =>
      workOnce<Placed, Unplaced, PlaceRefusal>(host, {
        request,
        ...placedBefore,
        admit: () => {
          if (!placement.ok) return placement
          const tooMany = openOrders.refuse(placement.value, bounds, host.now())
          return tooMany === undefined ? placement : refusal(tooMany)
        },
        work: (wanted) => {
          const order = storeNew(wanted, host.now())
          const toStore = () => ({ status: 202, body: null, subject: order.orderId })
          return success({ reply: { order: viewOrder(order) }, toStore })
        },
      }),

    track: openOrders.track,

    fence: (request: IdempotentRequest): PlaceReply | undefined => {
      const recalled = fence(host.sql, request, host.now())
      const isFree = recalled.kind === 'new' || recalled.kind === 'fenced'
      return isFree ? undefined : repliedBefore<Placed, PlaceRefusal>(recalled, placedBefore)
    },

    /** Which of the orders cannot be placed, and why. */
    refuseExternal: (requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] =>
      refusalsOf(requests, storedFor(host, requests)),

    /** Places all of the orders, or none of them where one cannot be placed. */
    placeExternal: (requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] => {
      const stored = storedFor(host, requests)
      const refusals = refusalsOf(requests, stored)
      if (refusals.length > 0) return refusals
      const now = host.now()
      for (const { asked, placement } of requests) {
        if (placement.ok && !stored.has(asked.orderId)) storeNew(placement.value, now)
      }
      return []
    },
  }
}

export type PlacementActions = ReturnType<typeof createPlacement>

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

/** The first response to a placement follows from data that never change, so it is not stored. */
const asPlaced = ({ sql }: PartitionHost, orderId: string): OrderView => {
  const row = loadOrder(sql, orderId)
  if (row === undefined) throw new Error(`Broken invariant: ${orderId} has a response and is not stored`)
  return viewOrder(placeOrder(placementOf(row.order)))
}

const placementOf = (order: Order): Placement => {
  const { orderId, client, placedAt, deadlineAt, currency, totalMinor, lines } = order
  return {
    ...{ orderId, client, placedAt, deadlineAt, currency, totalMinor, lines },
    ...(order.externalId !== undefined && { externalId: order.externalId }),
    ...(order.customerId !== undefined && { customerId: order.customerId }),
    ...(order.reference !== undefined && { reference: order.reference }),
    ...(order.metadata !== undefined && { metadata: order.metadata }),
  }
}
