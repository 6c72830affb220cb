import type { Customer } from '../../../src/contracts/customer-erasure.ts'
import { isSettled, type Order } from '../../../src/order/order.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import type { System } from '../system/system.ts'
import { checkReadModels } from './read-models.ts'
import { bankOf, load } from './stored.ts'
import type { Violated } from './violated.ts'

/** What must stay as it was: of each order its amounts, legs and history, its payment, its stock, and the bank's books. */
export const booksOf = (system: System, orderIds: readonly string[]): ReadonlyMap<string, string> => {
  const { orders, payments, reservations } = load(system)
  return new Map(
    orderIds.map((orderId) => [
      orderId,
      JSON.stringify([
        bookOf(orders.get(orderId)?.order),
        moneyOf(payments.get(orderId)),
        reservations.filter((reservation) => reservation.orderId === orderId),
        bankOf(system)(orderId),
      ]),
    ]),
  )
}

const bookOf = (order: Order | undefined) => {
  if (order === undefined) return undefined
  const { customerId: _id, reference: _reference, metadata: _metadata, version: _version, ...kept } = order
  return 'reason' in kept ? { ...kept, reason: kept.reason.code } : kept
}

/** A late event may still tell the payment its client and its goal. */
const moneyOf = (payment: Payment | undefined) => {
  if (payment === undefined) return undefined
  const { status, amountMinor, capturedMinor, refundedMinor, refunds } = payment
  return { status, amountMinor, capturedMinor, refundedMinor, refunds }
}

/** Nothing about the customer is left, the books add up as before, and the order that was under way is settled. */
export const checkErasure = (
  system: System,
  { customer, before }: { customer: Customer; before: ReadonlyMap<string, string> },
  violated: Violated,
): void => {
  const words = JSON.stringify(customer.customerId)
  for (const [name, rows] of Object.entries(everyRow(system))) {
    if (rows.includes(words) || rows.includes(JSON.stringify(words).slice(1, -1)))
      violated('nothing is left about an erased customer', `${customer.customerId} is in ${name}`)
  }
  const stored = load(system)
  for (const [orderId, book] of booksOf(system, [...before.keys()])) {
    const order = stored.orders.get(orderId)?.order
    if (order?.reference !== undefined || order?.metadata !== undefined || order?.customerId !== '[erased]')
      violated('nothing is left about an erased customer', `${orderId} still tells ${JSON.stringify(order)}`)
    if (book !== before.get(orderId))
      violated('an erasure leaves the books as they were', `${before.get(orderId)}, now ${book}`)
  }
  for (const { order } of stored.orders.values()) {
    if (order.reference === 'once more')
      violated('an order under way is settled and erased', `${order.orderId}: ${isSettled(order)}`)
  }
  checkReadModels(stored, system, violated)
}

/** All rows of all tables that may tell of a customer: of the partitions of orders, payments and stock, and of their lists. */
const everyRow = ({ orders, payments, stock, readModels }: System): Record<string, string> =>
  Object.fromEntries(
    [
      ...orders.values(),
      ...payments.values(),
      ...stock.values(),
      readModels.lists,
      readModels.payment,
    ].flatMap(({ sql }, nth) =>
      sql<{ name: string }>(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE '\\_%' ESCAPE '\\'",
      ).map(({ name }) => [`table ${name} of database ${nth}`, JSON.stringify(sql(`SELECT * FROM ${name}`))]),
    ),
  )
