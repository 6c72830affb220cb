/** The conservation laws of stock and money, by the names that the audit gives them. */
export const LAWS = {
  stock_on_hand: 'on hand = receipts + adjustments − committed + returned, for each product',
  stock_reserved: 'reserved = the sum of open reservations, for each product',
  confirmed_stock_committed: 'a confirmed settled order has all its stock committed',
  confirmed_money_captured: 'a confirmed settled order has its total captured',
  undone_stock_released: 'a rejected or cancelled settled order holds no stock',
  undone_money_returned: 'a rejected or cancelled settled order keeps no money: captured = refunded',
  payments_equal_bank: "a payment's held, captured and refunded amounts are those of the bank's books",
  orders_have_legs: 'each settled order has its payment and its reservations, and none is without its order',
} as const

export type LawName = keyof typeof LAWS

export const LAW_NAMES = Object.keys(LAWS) as [LawName, ...LawName[]]
