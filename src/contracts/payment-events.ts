import { z } from 'zod'
import { amountField, currencyField, orderIdField } from './fields.ts'

/** The payment as it stands: amounts are cumulative, never a change. */
const leg = {
  orderId: orderIdField,
  amount: amountField,
  capturedAmount: amountField,
  refundedAmount: amountField,
  currency: currencyField,
}

export const paymentLegSchema = z.object(leg)

/** Declined or failed: with the bank's reason. */
export const paymentRefusedSchema = z.object({
  ...leg,
  reason: z.object({ code: z.string(), detail: z.string() }),
})

export const paymentRefundedSchema = z.object({ ...leg, refundId: z.string().min(1).max(128) })

/** Internal to the payment service: a refund is owed, and a worker with a way to the bank is to carry it out. */
export const refundRequestedSchema = z.object({ orderId: orderIdField, refundId: z.string().min(1).max(128) })
