import type { Instant } from '../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import {
  fence,
  type IdempotentRequest,
  type Recalled,
  recall,
  remember,
} from '../../src/messaging/idempotency.ts'
import type { PartitionHost } from '../../src/messaging/partition.ts'
import { type Order, type Placement, placeOrder } from '../../src/order/order.ts'
import { type OrderView, viewOrder } from '../../src/order/order-view.ts'
import type { PricingRefusal } from '../../src/order/pricing.ts'
import { loadOrder } from './order-store.ts'

export type PlaceRequest = {
  request: IdempotentRequest | undefined
  /** The order, or why it cannot be taken: a repeated request gets its first answer before anybody looks. */
  placement: Result<Omit<Placement, 'placedAt' | 'deadlineAt'>, PricingRefusal>
}

export type PlaceAnswer = Result<
  { order: OrderView; isReplay: boolean },
  PricingRefusal | { code: 'idempotency_key_reused' | 'request_in_progress' }
>

type Ports = {
  host: PartitionHost
  deadlineMs: number
  /** Stores a new order, and publishes it once that is durable. */
  store(order: Order, now: Instant): void
}

/** How orders come into a partition. */
export const createPlacing = ({ host, deadlineMs, store }: Ports) => ({
  place: ({ request, placement }: PlaceRequest): PlaceAnswer => {
    const { sql } = host
    const recalled = recall(sql, request)
    if (recalled.kind !== 'new') return placedBefore(host, recalled)
    if (!placement.ok) return placement
    const now = host.now()
    const order = placeOrder({ ...placement.value, placedAt: now, deadlineAt: now + deadlineMs })
    store(order, now)
    remember(sql, request, { status: 202, body: null, subject: order.orderId }, now)
    return success({ order: viewOrder(order), isReplay: false })
  },

  fence: (request: IdempotentRequest): PlaceAnswer | undefined => {
    const recalled = fence(host.sql, request, host.now())
    const isFree = recalled.kind === 'new' || recalled.kind === 'fenced'
    return isFree ? undefined : placedBefore(host, recalled)
  },
})

export type Placing = ReturnType<typeof createPlacing>

const placedBefore = (host: PartitionHost, recalled: Exclude<Recalled, { kind: 'new' }>): PlaceAnswer => {
  if (recalled.kind === 'reused') return refusal({ code: 'idempotency_key_reused' })
  if (recalled.kind === 'fenced') return refusal({ code: 'request_in_progress' })
  return success({ order: asPlaced(host, recalled.answer.subject), isReplay: true })
}

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
    ...(order.customerId !== undefined && { customerId: order.customerId }),
    ...(order.reference !== undefined && { reference: order.reference }),
    ...(order.metadata !== undefined && { metadata: order.metadata }),
  }
}
