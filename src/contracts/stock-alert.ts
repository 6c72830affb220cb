/** Events that say that a product ran out, or is available again. */
export const STOCK_ALERT_TYPES = ['StockDepleted', 'StockReplenished'] as const

export type StockAlertType = (typeof STOCK_ALERT_TYPES)[number]
