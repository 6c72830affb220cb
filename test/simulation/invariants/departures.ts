import type { Order } from '../../../src/order/order.ts'
import type { BankBalance } from '../platform/hostile-bank.ts'
import type { System } from '../system/system.ts'
import { bankOf, load } from './stored.ts'
import type { Violated } from './violated.ts'

const NOTHING_LATE = 'nothing late changes the money or the stock of an order that has left'
const LEAVES = 'payments and reservations leave after their orders, and the lists too'
const SUMS = 'what has left is in the sums'
const REFUNDED = 'a payment leaves with no refund under way'
const LIVING = 'an order that has not left is never taken for an old one'

/** What the bank and the products say before the orders leave. */
type Books = { bank: ReadonlyMap<string, BankBalance>; levels: ReadonlyMap<string, string>; captured: number }

type Level = { product_id: string; on_hand: number; reserved: number }

export const booksOf = (system: System, orders: readonly Order[]): Books => {
  const { payments } = load(system)
  return {
    bank: new Map(orders.map(({ orderId }) => [orderId, bankOf(system)(orderId)])),
    levels: levelsOf(system),
    captured: orders.reduce((sum, { orderId }) => sum + (payments.get(orderId)?.capturedMinor ?? 0), 0),
  }
}

const levelsOf = ({ stock }: System): Map<string, string> =>
  new Map(
    [...stock.values()].flatMap(({ sql }) =>
      sql<Level>('SELECT product_id, on_hand, reserved FROM products').map(
        ({ product_id, on_hand, reserved }): [string, string] => [
          product_id,
          `${on_hand} on hand, ${reserved} reserved`,
        ],
      ),
    ),
  )

type Scene = { orders: readonly Order[]; books: Books; refundedMinor: number; freshId: string }

/** Hours after the orders have left, and after every event about them has come again. */
export const checkDeparted = (system: System, scene: Scene, violated: Violated): void => {
  const left = new Set(scene.orders.map(({ orderId }) => orderId))
  checkGone(system, left, violated)
  checkLists(system, left, violated)
  checkMoney(system, scene, violated)
  for (const [productId, level] of levelsOf(system)) {
    const before = scene.books.levels.get(productId)
    // The order that was placed last may still be reserved.
    if (level !== before && productId !== 'P1')
      violated(NOTHING_LATE, `${productId} has ${level}, before it had ${before}`)
  }
  const { payments, reservations } = load(system)
  if (!payments.has(scene.freshId)) violated(LIVING, `${scene.freshId} has no payment`)
  if (!reservations.some(({ orderId }) => orderId === scene.freshId))
    violated(LIVING, `${scene.freshId} has no reservation`)
}

const checkGone = (system: System, left: ReadonlySet<string>, violated: Violated): void => {
  const { payments, reservations } = load(system)
  for (const { orderId } of payments.values())
    if (left.has(orderId)) violated(LEAVES, `${orderId} has a payment`)
  for (const { orderId, at, state } of reservations)
    if (left.has(orderId)) violated(LEAVES, `${orderId} is ${state} at ${at}`)
}

const checkLists = ({ readModels }: System, left: ReadonlySet<string>, violated: Violated): void => {
  const listed = [
    ...readModels.payment.sql<{ order_id: string }>('SELECT order_id FROM listed_payments'),
    ...readModels.inventory.sql<{ order_id: string | null }>('SELECT order_id FROM movements'),
  ]
  for (const { order_id } of listed)
    if (left.has(order_id ?? '')) violated(LEAVES, `${order_id} is in a list`)
}

const checkMoney = (system: System, { books, refundedMinor: asked }: Scene, violated: Violated): void => {
  const sum = [...system.payments.values()]
    .flatMap(({ sql }) => sql<{ captured_minor: number }>('SELECT captured_minor FROM departed_payments'))
    .reduce((total, { captured_minor }) => total + captured_minor, 0)
  if (sum !== books.captured) violated(SUMS, `${sum} captured, before they left ${books.captured}`)
  let refunded = 0
  for (const [orderId, before] of books.bank) {
    const now = bankOf(system)(orderId)
    refunded += now.refundedMinor - before.refundedMinor
    const { refundedMinor: _more, ...rest } = now
    const { refundedMinor: _then, ...restBefore } = before
    if (JSON.stringify(rest) !== JSON.stringify(restBefore))
      violated(NOTHING_LATE, `${orderId}: ${JSON.stringify(now)}, before ${JSON.stringify(before)}`)
  }
  if (refunded !== asked) violated(REFUNDED, `${refunded} of ${asked} is refunded`)
}
