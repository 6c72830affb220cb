import type { Reservation } from '../../../src/inventory/stock.ts'
import type { Order } from '../../../src/order/order.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import type { BankBalance } from '../platform/hostile-bank.ts'
import type { SimulatedStripe } from '../platform/stripe-connection.ts'
import type { System } from '../system/system.ts'
import type { Workload } from '../world/workload.ts'

export type Stored = {
  orders: ReadonlyMap<string, { order: Order; dueAt: number | null }>
  payments: ReadonlyMap<string, Payment>
  reservations: readonly (Reservation & { at: string })[]
}

/** All documents of the partitions. */
export const load = (system: System): Stored => {
  const orders = new Map<string, { order: Order; dueAt: number | null }>()
  for (const { sql } of system.orders.values()) {
    for (const row of sql<{ document: string; due_at: number | null }>(
      'SELECT document, due_at FROM orders',
    )) {
      const order = JSON.parse(row.document) as Order
      orders.set(order.orderId, { order, dueAt: row.due_at })
    }
  }
  const payments = new Map<string, Payment>()
  for (const { sql } of system.payments.values()) {
    for (const row of sql<{ document: string }>('SELECT document FROM payments')) {
      const payment = JSON.parse(row.document) as Payment
      payments.set(payment.orderId, payment)
    }
  }
  const reservations = [...system.stock.values()].flatMap(({ name, sql }) =>
    sql<{ document: string }>('SELECT document FROM holds').map((row) => ({
      ...(JSON.parse(row.document) as Reservation),
      at: name,
    })),
  )
  return { orders, payments, reservations }
}

/**
 * Orders that cannot settle, because the world's hostile bank, or Stripe, refuses for good to give their money back. It is the only
 * excuse.
 */
export const excusedOrders = (
  stored: Pick<Stored, 'payments'>,
  { records, workload, system }: { records: ClientRecords; workload: Workload; system: System },
): ReadonlySet<string> => {
  const excused = new Set<string>()
  for (const payment of stored.payments.values()) {
    const order = records.orderOf(payment.orderId)
    const refuses = order === undefined ? undefined : workload.bankProfiles[order]?.refuses
    const isRefusal = refuses === 'void' || refuses === 'refund'
    if (payment.stuck !== undefined && system.setup.bank !== 'simulated' && isRefusal)
      excused.add(payment.orderId)
  }
  return excused
}

/** What the bank of the world did for an order, by its own books. */
export const bankOf =
  (system: System) =>
  (orderId: string): BankBalance => {
    if (system.setup.bank === 'hostile') return system.hostileBank.balance(orderId)
    if (system.stripe !== undefined) return stripeBalance(system.stripe, orderId)
    const label = system.labelOf(orderId)
    const sql = system.banks.get(`bank-${label}`)?.sql
    if (sql === undefined)
      return { authorizations: 0, captures: 0, heldMinor: 0, capturedMinor: 0, refundedMinor: 0 }
    const rows = sql<{ operation: string; times: number; sum: number }>(
      "SELECT operation, count(*) AS times, sum(amount_minor) AS sum FROM operations WHERE order_id = ? AND outcome = 'succeeded' GROUP BY operation",
      orderId,
    )
    const of = (operation: string) => rows.find((row) => row.operation === operation) ?? { times: 0, sum: 0 }
    return {
      authorizations: of('authorize').times,
      captures: of('capture').times,
      heldMinor: of('authorize').sum - of('capture').sum - of('void').sum,
      capturedMinor: of('capture').sum,
      refundedMinor: of('refund').sum,
    }
  }

/** All worlds have dollars, whose unit at Stripe is ours. */
const stripeBalance = ({ mock }: SimulatedStripe, orderId: string): BankBalance => {
  const { authorizations, captures, held, captured, refunded } = mock.balance(orderId)
  return { authorizations, captures, heldMinor: held, capturedMinor: captured, refundedMinor: refunded }
}
