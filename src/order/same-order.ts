import { ERASED } from '../contracts/customer-erasure.ts'
import type { ExternalOrder } from '../contracts/external-order.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { toMajor } from '../kernel/money.ts'
import type { Order } from './order.ts'
import { isSameToken } from './payment-token.ts'
import { isErased } from './personal-data.ts'

/** The content of an order in an event. Its time is left out: a producer that repeats the event may set a new time. */
type Content = Pick<ExternalOrder, 'items' | 'totalAmount' | 'currency' | 'paymentToken' | 'customerId'>

/**
 * Whether an event describes the order that is stored under its id. The order's status, later prices, and the currency
 * that is assumed for an event without one make no difference. Once the data about the customer were erased, an event with
 * any customer is the same.
 */
export const isSameOrder = (
  order: Order,
  asked: ExternalOrder,
  { client, tokenHashes }: { client: string; tokenHashes: readonly string[] },
): boolean =>
  order.client === client &&
  isSameToken(order, { token: asked.paymentToken, hashes: tokenHashes }) &&
  isSameContent(withoutToken(withCustomerOf(order, withCurrencyOf(order, asked))), {
    ...withoutToken(order),
    items: order.lines,
    totalAmount: toMajor(order.totalMinor, order.currency),
  })

const withoutToken = <Paid extends { paymentToken?: string }>({ paymentToken: _apart, ...rest }: Paid) => rest

const withCurrencyOf = (order: Order, asked: ExternalOrder): ExternalOrder =>
  asked.isCurrencyImplied && order.isCurrencyImplied ? { ...asked, currency: order.currency } : asked

const withCustomerOf = (order: Order, asked: ExternalOrder): ExternalOrder =>
  isErased(order) ? { ...asked, customerId: ERASED } : asked

export const isSameContent = (left: Content, right: Content): boolean => textOf(left) === textOf(right)

const textOf = ({ items, totalAmount, currency, paymentToken, customerId }: Content): string => {
  const lines = items.map(({ productId, quantity }) => ({ productId, quantity }))
  return canonicalJson({ lines, totalAmount, currency, paymentToken, customerId })
}
