import { type Customer, ERASED } from '../contracts/customer-erasure.ts'
import { isSettled, type Order } from './order.ts'

/** Takes the place of what a person wrote. */
const ERASED_TEXT = 'The text was erased.'

export const isOrderOf = ({ client, customerId }: Order, of: Customer): boolean =>
  client === of.client && customerId === of.customerId

export const isErased = ({ customerId }: Pick<Order, 'customerId'>): boolean => customerId === ERASED

/**
 * The order without what its client said about its customer. This is one change of the order, and no fact: its history
 * stays. Amounts, lines and legs stay too, so the books add up as before. Throws for an order that is not settled, because
 * its events may still be sent and must stay the same events.
 */
export const withoutPersonalData = (order: Order): Order => {
  if (!isSettled(order)) throw new Error(`Broken invariant: ${order.orderId} is not settled`)
  const { reference: _reference, metadata: _metadata, ...rest } = order
  return withoutWords({ ...rest, version: order.version + 1, customerId: ERASED })
}

const withoutWords = (order: Order): Order =>
  'reason' in order && order.reason.code === 'cancelled_by_client'
    ? { ...order, reason: { ...order.reason, detail: ERASED_TEXT } }
    : order
