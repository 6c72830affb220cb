import { z } from 'zod'
import { amountField, currencyField, LINES_MAX, productIdField, quantityField } from '../fields.ts'
import { timedPageQuery } from '../paging.ts'

const METADATA_ENTRIES_MAX = 50

const shortText = z.string().min(1).max(128)

export const placeOrderSchema = z.strictObject({
  items: z
    .array(z.strictObject({ productId: productIdField, quantity: quantityField }))
    .min(1)
    .max(LINES_MAX),
  totalAmount: amountField.optional(),
  currency: currencyField.optional(),
  customerId: shortText.optional(),
  reference: shortText.optional(),
  payment: z.strictObject({ token: z.string().min(1).max(256) }).optional(),
  metadata: z
    .record(z.string().min(1).max(128), z.string().max(500))
    .refine((entries) => Object.keys(entries).length <= METADATA_ENTRIES_MAX, {
      error: `must have at most ${METADATA_ENTRIES_MAX} entries`,
    })
    .optional(),
})

export const cancelOrderSchema = z.strictObject({ reason: z.string().min(1).max(500).optional() })

const ORDER_STATUSES = ['pending', 'confirmed', 'rejected', 'cancelled'] as const

export const listOrdersSchema = z.strictObject({
  ...timedPageQuery,
  status: z.enum(ORDER_STATUSES).optional(),
  customerId: shortText.optional(),
  reference: shortText.optional(),
})

export const orderSchema = z.object({
  orderId: z.string(),
  status: z.enum(ORDER_STATUSES),
  version: z.int(),
  currency: z.string(),
  totalAmount: z.number(),
  items: z.array(
    z.object({ productId: z.string(), quantity: z.int(), unitPrice: z.number(), amount: z.number() }),
  ),
  inventory: z.object({ status: z.enum(['pending', 'reserved', 'rejected', 'committed', 'released']) }),
  payment: z.object({
    status: z.enum(['pending', 'authorized', 'declined', 'captured', 'failed', 'voided', 'refunded']),
    capturedAmount: z.number(),
    refundedAmount: z.number(),
  }),
  reason: z.object({ code: z.string(), detail: z.string() }).optional(),
  /** Only while its decision does not take effect: a person may have to look. */
  stuck: z
    .object({
      code: z.enum(['bank_refused', 'overdue']),
      detail: z.string(),
      waitingFor: z.array(z.enum(['inventory', 'payment'])),
    })
    .optional(),
  customerId: z.string().optional(),
  reference: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  placedAt: z.string(),
  decidedAt: z.string().optional(),
  settledAt: z.string().optional(),
})
