import { z } from 'zod'

const INTENT_STATUSES = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
  'canceled',
  'succeeded',
] as const

const chargeSchema = z.object({
  id: z.string(),
  /** `failed`: the bank declined it. */
  status: z.enum(['succeeded', 'pending', 'failed']),
})

/** As much of a PaymentIntent as is read here. Amounts are in Stripe's unit, times in seconds. */
export const intentSchema = z.object({
  id: z.string(),
  status: z.enum(INTENT_STATUSES),
  amount: z.number(),
  amount_received: z.number().optional(),
  created: z.number(),
  canceled_at: z.number().nullish(),
  cancellation_reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).default({}),
  last_payment_error: z.object({ code: z.string().nullish() }).nullish(),
  latest_charge: z.union([z.string(), chargeSchema]).nullish(),
})

export type Intent = z.infer<typeof intentSchema>

/** As a list of PaymentIntents has it. */
export const listedIntentSchema = intentSchema.extend({
  currency: z.string(),
  latest_charge: z.union([z.string(), z.object({ amount_refunded: z.number().optional() })]).nullish(),
})

export type ListedIntent = z.infer<typeof listedIntentSchema>

export const refundSchema = z.object({
  id: z.string(),
  amount: z.number(),
  created: z.number(),
  status: z.string().nullish(),
  failure_reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
})

export type StripeRefund = z.infer<typeof refundSchema>

/** As much of an error of the `stripe` package as is read here. Without a status no response came. */
export const stripeErrorSchema = z.object({
  message: z.string().default(''),
  statusCode: z.number().optional(),
  /** Stripe's own type, such as `card_error`. */
  rawType: z.string().optional(),
  code: z.string().optional(),
  decline_code: z.string().optional(),
  param: z.string().optional(),
  requestId: z.string().optional(),
  payment_intent: intentSchema.optional().catch(undefined),
})

export type StripeFault = z.infer<typeof stripeErrorSchema>
