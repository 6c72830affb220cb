import { z } from 'zod'
import { STORED_EVENT_TYPES } from '../contracts/events.ts'
import { instantField } from '../contracts/fields.ts'
import { SECOND_MS } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'

/** A decision takes effect within seconds; one restart or fault costs a minute. After this time an order is stuck. */
export const OVERDUE_MS = 600 * SECOND_MS

const orderLineSchema = z.object({
  productId: z.string(),
  quantity: z.number(),
  unitPriceMinor: z.number(),
  amountMinor: z.number(),
})

export type OrderLine = z.infer<typeof orderLineSchema>

const placementSchema = z.object({
  /** Unique in the deployment. */
  orderId: z.string(),
  /** The id that its client gave it, where it did. Orders of earlier versions have this id as `orderId`. */
  externalId: z.string().exactOptional(),
  /** The API client that placed it, or `null` for an order that was never placed (see `rejectUnknownOrder`). */
  client: z.string().nullable(),
  placedAt: instantField,
  /** An order that is still pending at this time is rejected. */
  deadlineAt: instantField,
  currency: z.string(),
  /** The event that brought the order named no currency. */
  isCurrencyImplied: z.literal(true).exactOptional(),
  totalMinor: z.number(),
  lines: z.array(orderLineSchema).readonly(),
  /** Erased once the bank will never be asked to charge with it again. */
  paymentToken: z.string().exactOptional(),
  /** Stands for the erased token, where the order brought its own id: `<id of the key>.<HMAC>`. */
  paymentTokenHash: z.string().exactOptional(),
  customerId: z.string().exactOptional(),
  reference: z.string().exactOptional(),
  metadata: z.record(z.string(), z.string()).readonly().exactOptional(),
  traceparent: z.string().exactOptional(),
  /** The event from outside that brought the order. */
  causationId: z.string().exactOptional(),
})

/** What was ordered. Never changes. */
export type Placement = z.infer<typeof placementSchema>

export const inventoryStatusSchema = z.enum(['pending', 'reserved', 'rejected', 'committed', 'released'])

export type InventoryStatus = z.infer<typeof inventoryStatusSchema>

export const paymentStatusSchema = z.enum([
  'pending',
  'authorized',
  'declined',
  'captured',
  'failed',
  'voided',
  'refunded',
])

export type PaymentStatus = z.infer<typeof paymentStatusSchema>

const paymentLegSchema = z.object({
  status: paymentStatusSchema,
  capturedMinor: z.number(),
  refundedMinor: z.number(),
  /** The bank's final refusal, as long as it keeps the decision from taking effect. */
  stuck: z.string().exactOptional(),
})

export type PaymentLeg = z.infer<typeof paymentLegSchema>

const reasonSchema = z.object({
  code: z.enum([
    'out_of_stock',
    'payment_declined',
    'payment_failed',
    'deadline_exceeded',
    'cancelled_by_client',
    'unknown_order',
  ]),
  detail: z.string(),
})

export type Reason = z.infer<typeof reasonSchema>

export type ReasonCode = Reason['code']

const decision = { decidedAt: instantField, settledAt: instantField.exactOptional() }

/** The decision. `settledAt` is set once the decision has taken effect in both legs. */
const decidedSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending') }),
  z.object({ status: z.literal('confirmed'), ...decision }),
  z.object({ status: z.enum(['rejected', 'cancelled']), ...decision, reason: reasonSchema }),
])

const historyEntrySchema = z.object({
  type: z.enum(STORED_EVENT_TYPES),
  at: instantField,
  revision: z.number(),
  hops: z.number(),
  occurrence: z.string().exactOptional(),
  causationId: z.string().exactOptional(),
  traceparent: z.string().exactOptional(),
  data: z.unknown().exactOptional(),
})

/** A fact that changed the order. Facts of the order service itself carry no data: their data follow from the order. */
export type HistoryEntry = z.infer<typeof historyEntrySchema>

const orderSchema = z
  .object({
    ...placementSchema.shape,
    /** Grows by one with each change. */
    version: z.number(),
    inventory: z.object({ status: inventoryStatusSchema }),
    payment: paymentLegSchema,
    history: z.array(historyEntrySchema).readonly(),
    /** When an operator was first told that the decision has not taken effect in time. */
    overdueSince: instantField.exactOptional(),
  })
  .and(decidedSchema)

export type Order = z.infer<typeof orderSchema>

/** Its `version` counts the order's changes, and is no version of the document. */
export const ORDER = storedType('order', orderSchema)

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
