import type { EventType } from '../contracts/events.ts'
import type { Instant } from '../kernel/instant.ts'

export type OrderLine = { productId: string; quantity: number; unitPriceMinor: number; amountMinor: number }

/** What was ordered. Never changes. */
export type Placement = {
  /** Unique in the deployment. */
  orderId: string
  /** The id that its client gave it, where it did. Orders of earlier versions have this id as `orderId`. */
  externalId?: string
  /** The API client that placed it, or `null` for an order that was never placed (see `rejectUnknownOrder`). */
  client: string | null
  placedAt: Instant
  /** An order that is still pending at this time is rejected. */
  deadlineAt: Instant
  currency: string
  /** The event that brought the order named no currency. */
  isCurrencyImplied?: true
  totalMinor: number
  lines: readonly OrderLine[]
  /** Erased once the bank will never be asked to charge with it again. */
  paymentToken?: string
  /** Stands for the erased token, where the order brought its own id: `<id of the key>.<HMAC>`. */
  paymentTokenHash?: string
  customerId?: string
  reference?: string
  metadata?: Readonly<Record<string, string>>
  traceparent?: string
  /** The event from outside that brought the order. */
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
  /** The bank's final refusal, as long as it keeps the decision from taking effect. */
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

/** The decision. `settledAt` is set once the decision has taken effect in both legs. */
export type Decided =
  | { status: 'pending' }
  | { status: 'confirmed'; decidedAt: Instant; settledAt?: Instant }
  | { status: 'rejected' | 'cancelled'; decidedAt: Instant; settledAt?: Instant; reason: Reason }

/** A fact that changed the order. Facts of the order service itself carry no data: their data follow from the order. */
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
  /** When an operator was first told that the decision has not taken effect in time. */
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
