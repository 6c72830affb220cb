import { movementOfAdjustment, movementsOf } from '../../../src/inventory/movements.ts'
import { viewOrder } from '../../../src/order/order-view.ts'
import { viewPayment } from '../../../src/payment/payment-view.ts'
import type { System } from '../system/system.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** At rest the read models show exactly what the partitions store. */
export const checkReadModels = (stored: Stored, system: System, violated: Violated): void => {
  const invariant = 'read models equal the fold of the partitions'
  const listed = new Map(
    system.readModels.lists
      .sql<{ order_id: string; version: number; status: string; view: string }>(
        'SELECT order_id, version, status, view FROM listed_orders',
      )
      .map((row) => [row.order_id, row]),
  )
  for (const { order } of stored.orders.values()) {
    const row = listed.get(order.orderId)
    const isWanted = order.client !== null
    const isRight = isWanted
      ? row !== undefined &&
        row.version === order.version &&
        row.status === order.status &&
        row.view === JSON.stringify(viewOrder(order))
      : row === undefined
    if (!isRight)
      violated(invariant, `${order.orderId} has version ${order.version} and is listed as ${row?.version}`)
    listed.delete(order.orderId)
  }
  for (const orderId of listed.keys()) violated(invariant, `${orderId} is listed and not stored`)

  checkPayments(stored, system, (detail) => violated(invariant, detail))
  checkLedger(stored, system, (detail) => violated(invariant, detail))
}

/** A payment without a client is listed nowhere. */
const checkPayments = (stored: Stored, system: System, violated: (detail: string) => void): void => {
  const paid = new Map(
    system.readModels.payment
      .sql<{ order_id: string; revision: number; view: string }>(
        'SELECT order_id, revision, view FROM listed_payments',
      )
      .map((row) => [row.order_id, row]),
  )
  for (const payment of stored.payments.values()) {
    const row = paid.get(payment.orderId)
    if (payment.client === null) {
      if (row !== undefined) violated(`the payment of ${payment.orderId} has no client and is listed`)
      continue
    }
    if (row?.revision !== payment.revision || row.view !== JSON.stringify(viewPayment(payment))) {
      violated(
        `the payment of ${payment.orderId} has revision ${payment.revision} and is listed as ${row?.revision}`,
      )
    }
  }
}

const checkLedger = (stored: Stored, system: System, violated: (detail: string) => void): void => {
  const adjustments = [...system.stock.values()].flatMap(({ sql }) =>
    sql<{ document: string }>('SELECT document FROM adjustments').map((row) =>
      movementOfAdjustment(JSON.parse(row.document)),
    ),
  )
  const wanted = [...stored.reservations.flatMap(movementsOf), ...adjustments].map(
    (movement) => `${movement.productId} ${movement.movementId} ${movement.quantity} ${movement.at}`,
  )
  const listed = system.readModels.inventory
    .sql<{ product_id: string; movement_id: string; quantity: number; at: number }>(
      `SELECT product_id, movement_id, quantity, at FROM movements
        UNION SELECT product_id, order_id || '/reservation', quantity, reserved_at FROM movements
          WHERE reserved_at IS NOT NULL`,
    )
    .map((row) => `${row.product_id} ${row.movement_id} ${row.quantity} ${row.at}`)
  const missing = wanted.filter((line) => !listed.includes(line))
  const extra = listed.filter((line) => !wanted.includes(line))
  if (missing.length > 0) violated(`the ledger lacks ${missing.join('; ')}`)
  if (extra.length > 0) violated(`the ledger invents ${extra.join('; ')}`)
  for (const { sql } of system.stock.values()) {
    for (const product of sql<{ product_id: string; unit_price_minor: number; revision: number }>(
      'SELECT product_id, unit_price_minor, revision FROM products',
    )) {
      for (const [name, table] of [
        ['order', 'catalogue'],
        ['inventory', 'products'],
      ] as const) {
        const [row] = system.readModels[name].sql<{ unit_price_minor: number; revision: number }>(
          `SELECT unit_price_minor, revision FROM ${table} WHERE product_id = ?`,
          product.product_id,
        )
        if (row?.revision !== product.revision || row.unit_price_minor !== product.unit_price_minor) {
          violated(
            `${product.product_id} has revision ${product.revision}, the ${table} of ${name} ${row?.revision}`,
          )
        }
      }
    }
  }
}
