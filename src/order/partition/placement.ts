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

/** The order, or why it cannot be taken: a repeated request gets its first answer before anybody looks. */
type Priced = Result<Unplaced, PricingRefusal>

export type PlaceRequest = {
  request: IdempotentRequest | undefined
  placement: Priced
  /** None where the caller has no bounds, and from an edge that knows of none. */
  bounds?: PlacingLimits | undefined
}

type Placed = { order: OrderView }

type PlaceRefusal = PricingRefusal | TooManyOpen | { code: 'request_in_progress' }

export type PlaceAnswer = Replied<Placed, PlaceRefusal>

/** An order that brings its own id: the same one again is the same order, and is not priced again. */
export type ExternalPlaceRequest = {
  asked: ExternalOrder
  client: string
  placement: Priced
  /** Of the order that is to be stored. A Worker of an earlier version, beside us during a deployment, sends none. */
  uniqueId?: string
  /** Of its payment token, under each key. The same goes for them. */
  tokenHashes?: readonly string[]
}

/** Why an order that brings its own id cannot be taken. */
export type ExternalRefusal = {
  /** As its client calls it. */
  orderId: string
  reason: PricingRefusal | { code: 'order_id_taken'; detail: string }
}

type Ports = {
  host: PartitionHost
  deadlineMs: number
  /** Stores a new order, and publishes it once that is durable. */
  store(order: Order, now: Instant): void
}

/** How orders come into a partition. */
export const createPlacing = ({ host, deadlineMs, store }: Ports) => {
  const openOrders = createOpenOrders(host)
  const storeNew = (placement: Unplaced, now: Instant): Order => {
    const order = placeOrder({ ...placement, placedAt: now, deadlineAt: now + deadlineMs })
    store(order, now)
    openOrders.see(undefined, order)
    return order
  }
  const placedBefore = {
    replay: ({ subject }: StoredResponse): Placed => ({ order: asPlaced(host, subject) }),
    fenced: { code: 'request_in_progress' } as const,
  }
  return {
    place: ({ request, placement, bounds }: PlaceRequest): PlaceAnswer =>
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

    see: openOrders.see,

    fence: (request: IdempotentRequest): PlaceAnswer | undefined => {
      const recalled = fence(host.sql, request, host.now())
      const isFree = recalled.kind === 'new' || recalled.kind === 'fenced'
      return isFree ? undefined : repliedBefore<Placed, PlaceRefusal>(recalled, placedBefore)
    },

    /** Which of the orders cannot be taken, and why. */
    refuseExternal: (requests: readonly ExternalPlaceRequest[]): ExternalRefusal[] =>
      refusalsOf(requests, storedFor(host, requests)),

    /** All of the orders, or none where one of them cannot be taken. */
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

export type Placing = ReturnType<typeof createPlacing>

/** What is stored under the external ids that are asked for. */
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
    ? `An event about ${orderId} came before anybody had placed it, so it was rejected for good. Take another id.`
    : `You have placed ${orderId} with other content. Take another id for another order.`,
})

/** The first answer to an order's placement follows from what never changes, so it is not stored twice. */
const asPlaced = ({ sql }: PartitionHost, orderId: string): OrderView => {
  const row = loadOrder(sql, orderId)
  if (row === undefined) throw new Error(`Broken invariant: ${orderId} was answered and is not stored`)
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
