import { z } from 'zod'

export const refundSchema = z.strictObject({
  amount: z.number().gt(0).optional(),
  reason: z.string().min(1).max(500).optional(),
})

export const refundViewSchema = z.object({
  refundId: z.string(),
  orderId: z.string(),
  amount: z.number(),
  currency: z.string(),
  status: z.enum(['pending', 'succeeded', 'failed']),
  reason: z.string().optional(),
  requestedAt: z.string(),
})

const refusal = z.object({ code: z.string(), detail: z.string() })

export const paymentSchema = z.object({
  orderId: z.string(),
  status: z.enum(['pending', 'authorized', 'declined', 'captured', 'failed', 'voided', 'refunded']),
  currency: z.string(),
  amount: z.number(),
  capturedAmount: z.number(),
  refundedAmount: z.number(),
  attempts: z.int(),
  gatewayReference: z.string().optional(),
  reason: refusal.optional(),
  stuck: refusal.optional(),
  refunds: z.array(refundViewSchema),
  createdAt: z.string(),
  updatedAt: z.string(),
})

export const simulatedBooksSchema = z.object({
  operations: z.array(
    z.object({
      type: z.enum(['authorize', 'capture', 'void', 'refund']),
      amount: z.number(),
      idempotencyKey: z.string(),
      outcome: z.enum(['succeeded', 'declined', 'failed']),
      at: z.string(),
    }),
  ),
  authorizedAmount: z.number(),
  capturedAmount: z.number(),
  refundedAmount: z.number(),
})
