import type { ForeignOrder } from '../contracts/foreign-order.ts'
import { canonicalJson } from '../kernel/canonical-json.ts'
import { toMajor } from '../kernel/money.ts'
import type { Order } from './order.ts'

/** What an event says of an order. Not its time: whoever sends it again may stamp it again. */
type Content = Pick<ForeignOrder, 'items' | 'totalAmount' | 'currency' | 'paymentToken' | 'customerId'>

/**
 * Whether an event tells of the order that is stored under its id, whatever became of the order, of prices, or of the
 * currency that is meant where an event names none.
 */
export const isSameOrder = (order: Order, asked: ForeignOrder, client: string): boolean =>
  order.client === client &&
  isSameContent(withCurrencyOf(order, asked), {
    ...order,
    items: order.lines,
    totalAmount: toMajor(order.totalMinor, order.currency),
  })

const withCurrencyOf = (order: Order, asked: ForeignOrder): ForeignOrder =>
  asked.isCurrencyImplied && order.isCurrencyImplied ? { ...asked, currency: order.currency } : asked

export const isSameContent = (left: Content, right: Content): boolean => textOf(left) === textOf(right)

const textOf = ({ items, totalAmount, currency, paymentToken, customerId }: Content): string => {
  const lines = items.map(({ productId, quantity }) => ({ productId, quantity }))
  return canonicalJson({ lines, totalAmount, currency, paymentToken, customerId })
}
