import { type Result, refusal, success } from '../../kernel/result.ts'
import { fence, type IdempotentRequest, type StoredResponse } from '../../messaging/idempotency.ts'
import { type Replied, repliedBefore, workOnce } from '../../messaging/idempotent-work.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { PlacingLimits } from '../open-order-limits.ts'
import { type Order, type Placement, placeOrder } from '../order.ts'
import { type OrderView, viewOrder } from '../order-view.ts'
import type { PricingRefusal } from '../pricing.ts'
import type { DueTimes } from './due-times.ts'
import type { OpenOrders, TooManyOpen } from './open-orders.ts'
import { insertOrder, loadOrder, newRow } from './order-store.ts'
import { outstanding } from './outstanding-events.ts'

type Unplaced = Omit<Placement, 'placedAt' | 'deadlineAt'>

/** The priced order, or why it cannot be placed. A repeated request gets its first response before this is read. */
export type Priced = Result<Unplaced, PricingRefusal>

export type PlaceRequest = {
  request: IdempotentRequest | undefined
  placement: Priced
  /** Undefined where the caller has no limits, and where an older edge sends none. */
  bounds?: PlacingLimits | undefined
}

type Placed = { order: OrderView }

type PlaceRefusal = PricingRefusal | TooManyOpen | { code: 'request_in_progress' }

export type PlaceReply = Replied<Placed, PlaceRefusal>

type Ports = { host: PartitionHost; deadlineMs: number; openOrders: OpenOrders; dueTimes: DueTimes }

/** Places orders in a partition. Used in a turn. */
export const createPlacement = ({ host, deadlineMs, openOrders, dueTimes }: Ports) => {
  /** In a turn: stores the order, and publishes it to both legs once the turn is durable. */
  const storeNew = (unplaced: Unplaced): Order => {
    const now = host.now()
    const order = placeOrder({ ...unplaced, placedAt: now, deadlineAt: now + deadlineMs })
    insertOrder(host.sql, newRow(order, dueTimes.ofNew(order.orderId, now), now))
    host.publish(outstanding(order))
    openOrders.track(undefined, order)
    return order
  }
  const placedBefore = {
    replay: ({ subject }: StoredResponse): Placed => ({ order: asPlaced(host, subject) }),
    fenced: { code: 'request_in_progress' } as const,
  }
  return {
    place: ({ request, placement, bounds }: PlaceRequest): PlaceReply =>
      host.turn(() =>
        workOnce<Placed, Unplaced, PlaceRefusal>(host, {
          request,
          ...placedBefore,
          admit: () => {
            if (!placement.ok) return placement
            const tooMany = openOrders.refuse(placement.value, bounds, host.now())
            return tooMany === undefined ? placement : refusal(tooMany)
          },
          work: (unplaced) => {
            const order = storeNew(unplaced)
            const toStore = () => ({ status: 202, body: null, subject: order.orderId })
            return success({ reply: { order: viewOrder(order) }, toStore })
          },
        }),
      ),

    /**
     * The reply to a placement under a key that led to this partition before there were more partitions. From now on the
     * key places nothing here.
     */
    fence: (request: IdempotentRequest): PlaceReply | undefined =>
      host.turn(() => {
        const recalled = fence(host.sql, request, host.now())
        const isFree = recalled.kind === 'new' || recalled.kind === 'fenced'
        return isFree ? undefined : repliedBefore<Placed, PlaceRefusal>(recalled, placedBefore)
      }),

    storeNew,
  }
}

export type PlacementActions = ReturnType<typeof createPlacement>

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
