/** The banks that `PAYMENT_GATEWAY` may name. The payment Worker has a bank for each, and `npm run deploy` accepts no other. */
export const GATEWAYS = ['simulator', 'stripe'] as const

export type Gateway = (typeof GATEWAYS)[number]
