import { STOCK_ALERT_TYPES } from './stock-alert.ts'

/** Facts about orders that the order service sends to the operations service too, while a webhook wants them. */
export const ANNOUNCED = [
  'OrderConfirmed',
  'OrderRejected',
  'OrderCancelled',
  'OrderSettled',
  'PaymentRefunded',
] as const

/** What a webhook may want. None of them carries a payment token. */
export const WEBHOOK_TYPES = [...ANNOUNCED, ...STOCK_ALERT_TYPES] as const

export type WebhookType = (typeof WEBHOOK_TYPES)[number]
