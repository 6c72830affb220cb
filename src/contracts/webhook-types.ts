/** Facts about orders that the order service sends to the operations service too, while a webhook wants them. */
export const ANNOUNCED = [
  'OrderConfirmed',
  'OrderRejected',
  'OrderCancelled',
  'OrderSettled',
  'PaymentRefunded',
] as const

/** What a webhook may want. None of them carries a payment token. */
export const WEBHOOK_TYPES = [...ANNOUNCED, 'StockDepleted', 'StockReplenished'] as const

export type WebhookType = (typeof WEBHOOK_TYPES)[number]
