import type { ForeignOrder } from '../contracts/foreign-order.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { toMajor } from '../kernel/money.ts'
import type { Order } from './order.ts'
import { isSameToken } from './payment-token.ts'

/** What an event says of an order. Not its time: whoever sends it again may stamp it again. */
type Content = Pick<ForeignOrder, 'items' | 'totalAmount' | 'currency' | 'paymentToken' | 'customerId'>

/**
 * Whether an event tells of the order that is stored under its id, whatever became of the order, of prices, or of the
 * currency that is meant where an event names none.
 */
export const isSameOrder = (
  order: Order,
  asked: ForeignOrder,
  { client, tokenHashes }: { client: string; tokenHashes: readonly string[] },
): boolean =>
  order.client === client &&
  isSameToken(order, { token: asked.paymentToken, hashes: tokenHashes }) &&
  isSameContent(withoutToken(withCurrencyOf(order, asked)), {
    ...withoutToken(order),
    items: order.lines,
    totalAmount: toMajor(order.totalMinor, order.currency),
  })

const withoutToken = <Paid extends { paymentToken?: string }>({ paymentToken: _apart, ...rest }: Paid) => rest

const withCurrencyOf = (order: Order, asked: ForeignOrder): ForeignOrder =>
  asked.isCurrencyImplied && order.isCurrencyImplied ? { ...asked, currency: order.currency } : asked

export const isSameContent = (left: Content, right: Content): boolean => textOf(left) === textOf(right)

const textOf = ({ items, totalAmount, currency, paymentToken, customerId }: Content): string => {
  const lines = items.map(({ productId, quantity }) => ({ productId, quantity }))
  return canonicalJson({ lines, totalAmount, currency, paymentToken, customerId })
}
