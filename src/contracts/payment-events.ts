import { z } from 'zod'
import { amountField, currencyField, orderIdField } from './fields.ts'

const reason = z.object({ code: z.string(), detail: z.string() })

/** The payment as it stands: amounts are cumulative, never a change. */
const leg = {
  orderId: orderIdField,
  amount: amountField,
  capturedAmount: amountField,
  refundedAmount: amountField,
  currency: currencyField,
}

/** `stuck`: the bank refused for good what has to be done, and a person has to look. */
export const paymentLegSchema = z.object({ ...leg, stuck: reason.optional() })

/** Declined or failed: with the bank's reason. */
export const paymentRefusedSchema = z.object({ ...leg, reason })

export const paymentRefundedSchema = z.object({ ...leg, refundId: z.string().min(1).max(128) })

/**
 * Money has been authorized for long: does the order service know the order? Shortly before it lapses, the event also goes
 * to the payment service itself: the authorization is to be voided by a worker that can call the bank.
 */
export const authorizationOverdueSchema = z.object({ orderId: orderIdField })

/** Internal to the payment service: a refund is to be made by a worker that can call the bank. */
export const refundRequestedSchema = z.object({ orderId: orderIdField, refundId: z.string().min(1).max(128) })
