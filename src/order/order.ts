import type { EventType } from '../contracts/events.ts'
import type { Instant } from '../kernel/instant.ts'

export type OrderLine = { productId: string; quantity: number; unitPriceMinor: number; amountMinor: number }

/** What was ordered. Never changes. */
export type Placement = {
  /** Unique in the deployment. */
  orderId: string
  /** What its client calls it, where the client gave it an id. Orders of earlier versions have it as `orderId`. */
  externalId?: string
  /** The API client that placed it, or `null` for an order that nobody placed (see `disown`). */
  client: string | null
  placedAt: Instant
  /** When an order that is still pending is given up. */
  deadlineAt: Instant
  currency: string
  /** The event that told of it named none. */
  isCurrencyImplied?: true
  totalMinor: number
  lines: readonly OrderLine[]
  /** Kept until it was used for good. */
  paymentToken?: string
  /** Stands for the token afterwards, where the order brought its own id: `<id of the key>.<HMAC>`. */
  paymentTokenHash?: string
  customerId?: string
  reference?: string
  metadata?: Readonly<Record<string, string>>
  traceparent?: string
  /** The event from outside that told of it. */
  causationId?: string
}

export type InventoryStatus = 'pending' | 'reserved' | 'rejected' | 'committed' | 'released'

export type PaymentStatus =
  | 'pending'
  | 'authorized'
  | 'declined'
  | 'captured'
  | 'failed'
  | 'voided'
  | 'refunded'

export type PaymentLeg = {
  status: PaymentStatus
  capturedMinor: number
  refundedMinor: number
  /** What the bank refused for good, while it stands in the way. */
  stuck?: string
}

export type ReasonCode =
  | 'out_of_stock'
  | 'payment_declined'
  | 'payment_failed'
  | 'deadline_exceeded'
  | 'cancelled_by_client'
  | 'unknown_order'

export type Reason = { code: ReasonCode; detail: string }

/** What was decided. `settledAt` is set once every effect of the decision is done. */
export type Decided =
  | { status: 'pending' }
  | { status: 'confirmed'; decidedAt: Instant; settledAt?: Instant }
  | { status: 'rejected' | 'cancelled'; decidedAt: Instant; settledAt?: Instant; reason: Reason }

/** A fact that took effect on the order. Our own facts carry no data: it follows from the order. */
export type HistoryEntry = {
  type: EventType
  at: Instant
  revision: number
  hops: number
  occurrence?: string
  causationId?: string
  traceparent?: string
  data?: unknown
}

export type Order = Placement & {
  /** Grows by one with each change. */
  version: number
  inventory: { status: InventoryStatus }
  payment: PaymentLeg
  history: readonly HistoryEntry[]
  /** Since when its decision should have taken effect. */
  overdueSince?: Instant
} & Decided

export const placeOrder = (placement: Placement): Order => ({
  ...placement,
  version: 1,
  status: 'pending',
  inventory: { status: 'pending' },
  payment: { status: 'pending', capturedMinor: 0, refundedMinor: 0 },
  history: [
    {
      type: 'OrderPlaced',
      at: placement.placedAt,
      revision: 1,
      hops: 0,
      ...(placement.traceparent && { traceparent: placement.traceparent }),
      ...(placement.causationId && { causationId: placement.causationId }),
    },
  ],
})

export const isSettled = (order: Order): boolean =>
  order.status !== 'pending' && order.settledAt !== undefined
