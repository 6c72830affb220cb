import type { Sql } from '../../../src/messaging/sql.ts'
import type { Order } from '../../../src/order/order.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import type { DepartureWatch } from '../invariants/departure-watch.ts'
import { checkChange } from '../invariants/order-changes.ts'
import { checkRoom, hasNoChoice } from '../invariants/room.ts'
import { checkLevels, checkReservations, createDocuments, isWithoutStock } from '../invariants/stock.ts'
import type { CrashPoint, Turn } from '../platform/object/turn.ts'
import type { Platform } from '../platform/platform.ts'
import type { Observers } from '../system/partitions.ts'
import type { System } from '../system/system.ts'
import type { Cells } from './coverage.ts'

type Seen = { document: string; order: Order }

type ObserverPorts = {
  system(): System
  /** Wants to see what leaves. */
  departures?: DepartureWatch
  /** Wants to see the products after each commit that writes one. */
  seeProducts?: ((sql: Sql) => void) | undefined
}

/** Checks the cheap invariants after every commit, and counts which event came in which state. */
export const createObservers = (
  platform: Platform,
  cells: Cells,
  { system, departures, seeProducts }: ObserverPorts,
): Observers => {
  const seen = new Map<string, Seen>()
  const documents = createDocuments()
  const payments = new Map<string, { document: string; state: string }>()
  const stateOf = (orderId: string): string => {
    const order = seen.get(orderId)?.order
    if (order === undefined) return 'absent'
    return `${order.status}${'settledAt' in order && order.settledAt !== undefined ? ' settled' : ''}`
  }
  const paymentOf = (orderId: string): string => payments.get(orderId)?.state ?? 'absent'
  const visit = (
    service: string,
    { touches }: Turn,
    point: CrashPoint,
    state: (orderId: string) => string,
  ) => {
    for (const { event, orderId } of touches) cells.count(service, state(orderId), event, point)
  }
  const seeOrder = ({ order_id, document }: Row, withoutChoice: number): void => {
    const before = seen.get(order_id)
    if (before?.document === document) return
    const order = JSON.parse(document) as Order
    seen.set(order_id, { document, order })
    if (before !== undefined) checkChange(platform, before.order, order)
    else checkRoom(platform, system(), { order, withoutChoice })
    if (!isWithoutStock(order)) return
    for (const { sql } of system().stock.values())
      checkReservations(platform, documents.reservations(sql), (id) => (id === order_id ? order : undefined))
  }
  const seePayment = ({ order_id, document }: Row): void => {
    if (payments.get(order_id)?.document === document) return
    payments.set(order_id, { document, state: stateOfPayment(JSON.parse(document) as Payment) })
  }
  return {
    order: (sql, { point, turns, wrote }) => {
      for (const turn of turns) {
        visit('order', turn, point, stateOf)
        const woken = turn.what === 'wake' ? seen.keys() : []
        for (const orderId of woken) cells.count('order', stateOf(orderId), 'wake', point)
      }
      if (!wrote('orders')) return
      departures?.see('orders', sql)
      const rows = sql<Row>('SELECT order_id, document FROM orders')
      const withoutChoice = rows.filter(
        ({ order_id, document }) => !seen.has(order_id) && hasNoChoice(JSON.parse(document)),
      ).length
      for (const row of rows) seeOrder(row, withoutChoice)
    },
    payment: (sql, { point, turns, wrote }) => {
      for (const turn of turns) visit('payment', turn, point, paymentOf)
      if (!wrote('payments')) return
      departures?.see('payments', sql)
      for (const row of sql<Row>('SELECT order_id, document FROM payments')) seePayment(row)
    },
    stock: (sql, { point, turns, wrote }) => {
      for (const { what, touches } of turns) {
        if (touches.length === 0 && what !== 'opening') cells.count('stock', 'any', what, point)
      }
      if (!wrote('holds') && !wrote('adjustments') && !wrote('products')) return
      checkLevels(platform, 'stock', { sql, documents })
      if (wrote('products')) seeProducts?.(sql)
      if (!wrote('holds')) return
      departures?.see('holds', sql)
      checkReservations(platform, documents.reservations(sql), (orderId) => seen.get(orderId)?.order)
    },
    listed: (readModel) => {
      if (readModel !== 'lists') return
      const { sql } = system().readModels.lists
      for (const row of sql<{ order_id: string; version: number }>(
        'SELECT order_id, version FROM listed_orders',
      )) {
        const version = seen.get(row.order_id)?.order.version ?? 0
        if (row.version > version) {
          platform.violated(
            'a read model is never ahead of its partition',
            `${row.order_id} is listed as ${row.version}, stored as ${version}`,
          )
        }
      }
    },
  }
}

type Row = { order_id: string; document: string }

const stateOfPayment = ({ status, step, goal }: Payment): string => {
  if (step === undefined) return status
  return `${status} → ${step.operation}${goal === 'return' ? ' to return' : ''}`
}
