import type { DomainEvent } from '../../../src/contracts/events.ts'
import { valuesIn } from '../../../src/messaging/message-values.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import type { Order } from '../../../src/order/order.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import type { Violated } from './violated.ts'

const INVARIANT = 'nothing of a turn that failed is seen, kept or sent'

const DECISIONS = ['OrderPlaced', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled']

/** An event about a partition's own rows is stored in them before it leaves. */
export const checkSent = (violated: Violated) => {
  const check = (isStored: (event: DomainEvent) => boolean) => (bodies: readonly unknown[]) => {
    for (const event of bodies.flatMap(valuesIn) as DomainEvent[]) {
      if (!isStored(event)) violated(INVARIANT, `${event.id} is sent and not stored`)
    }
  }
  return {
    byOrders: (sql: Sql) =>
      check(({ type, subject }) => {
        if (!DECISIONS.includes(type)) return true
        const order = documentOf<Order>(sql, 'orders', subject)
        return order?.history.some((entry) => entry.type === type) ?? false
      }),
    byStock: (sql: Sql) =>
      check(
        ({ type, subject, revision }) =>
          !['ProductChanged', 'StockDepleted', 'StockReplenished'].includes(type) ||
          sql(
            `SELECT 1 FROM products WHERE product_id = ?
              AND ${type === 'ProductChanged' ? 'revision' : 'level_revision'} >= ?`,
            subject,
            revision,
          ).length > 0,
      ),
    byPayments: (sql: Sql) =>
      check((event) => {
        if (event.type !== 'RefundRequested') return true
        const payment = documentOf<Payment>(sql, 'payments', event.subject)
        return payment?.refunds.some(({ refundId }) => refundId === event.data.refundId) ?? false
      }),
  }
}

const documentOf = <Document>(
  sql: Sql,
  table: 'orders' | 'payments',
  orderId: string,
): Document | undefined =>
  sql<{ document: string }>(`SELECT document FROM ${table} WHERE order_id = ?`, orderId).map(
    ({ document }) => JSON.parse(document) as Document,
  )[0]
