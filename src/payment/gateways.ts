/** The banks that `PAYMENT_GATEWAY` may name. The Worker has a bank for each, and `npm run deploy` accepts no other. */
export const GATEWAYS = ['simulator'] as const

export type Gateway = (typeof GATEWAYS)[number]
