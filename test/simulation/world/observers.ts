import type { Reservation } from '../../../src/inventory/stock.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import type { Order } from '../../../src/order/order.ts'
import { outstandingLegs } from '../../../src/order/saga.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import type { CrashPoint, Turn } from '../platform/object/turn.ts'
import type { Platform } from '../platform/platform.ts'
import type { Observers } from '../system/partitions.ts'
import type { System } from '../system/system.ts'
import type { Cells } from './coverage.ts'

/** What may become of a decision: nothing, but that a confirmed order may be cancelled. */
const SUCCESSORS: Record<Order['status'], readonly Order['status'][]> = {
  pending: ['pending', 'confirmed', 'rejected', 'cancelled'],
  confirmed: ['confirmed', 'cancelled'],
  rejected: ['rejected'],
  cancelled: ['cancelled'],
}

type Seen = { document: string; order: Order }

/** Checks after every commit what costs little, and counts what happened in which state. */
export const createObservers = (platform: Platform, cells: Cells, system: () => System): Observers => {
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
  const seeOrder = ({ order_id, document }: Row): void => {
    const before = seen.get(order_id)
    if (before?.document === document) return
    const order = JSON.parse(document) as Order
    seen.set(order_id, { document, order })
    if (before !== undefined) compare(platform, before.order, order)
    if (!hasLetGo(order)) return
    for (const { sql } of system().stock.values())
      checkHeld(platform, documents.holds(sql), (id) => (id === order_id ? order : undefined))
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
      for (const row of sql<Row>('SELECT order_id, document FROM orders')) seeOrder(row)
    },
    payment: (sql, { point, turns, wrote }) => {
      for (const turn of turns) visit('payment', turn, point, paymentOf)
      if (!wrote('payments')) return
      for (const row of sql<Row>('SELECT order_id, document FROM payments')) seePayment(row)
    },
    stock: (sql, { point, turns, wrote }) => {
      for (const { what, touches } of turns) {
        if (touches.length === 0 && what !== 'opening') cells.count('stock', 'any', what, point)
      }
      if (!wrote('holds') && !wrote('adjustments') && !wrote('products')) return
      checkLevels(platform, 'stock', { sql, documents })
      if (wrote('holds')) checkHeld(platform, documents.holds(sql), (orderId) => seen.get(orderId)?.order)
    },
    listed: (readModel) => {
      if (readModel !== 'lists') return
      const { sql } = system().readModels.lists
      for (const row of sql<{ order_id: string; version: number }>('SELECT order_id, version FROM orders')) {
        const version = seen.get(row.order_id)?.order.version ?? 0
        if (row.version > version) {
          platform.violated(
            'a read model is never ahead',
            `${row.order_id} is listed as ${row.version}, stored as ${version}`,
          )
        }
      }
    },
  }
}

type Row = { order_id: string; document: string }

/** What lies in a stock partition. The same text is parsed once: most rows are as they were at the last look. */
export const createDocuments = () => {
  const parsed = new Map<string, unknown>()
  const parse = (text: string): unknown => {
    const known = parsed.get(text) ?? JSON.parse(text)
    parsed.set(text, known)
    return known
  }
  const read = (sql: Sql, query: string): unknown[] => sql<Row>(query).map(({ document }) => parse(document))
  return {
    holds: (sql: Sql) => read(sql, 'SELECT document FROM holds') as Reservation[],
    adjustments: (sql: Sql) =>
      read(sql, 'SELECT document FROM adjustments') as { productId: string; delta: number }[],
  }
}

type Documents = ReturnType<typeof createDocuments>

const stateOfPayment = ({ status, step, goal }: Payment): string => {
  if (step === undefined) return status
  return `${status} → ${step.operation}${goal === 'return' ? ' to return' : ''}`
}

const compare = (platform: Platform, before: Order, after: Order): void => {
  const { orderId } = after
  if (!SUCCESSORS[before.status].includes(after.status)) {
    platform.violated('a decision never changes', `${orderId} was ${before.status} and is ${after.status}`)
  }
  if (after.version <= before.version) {
    platform.violated('versions only grow', `${orderId} changed at version ${after.version}`)
  }
  const wasSettled = 'settledAt' in before && before.settledAt !== undefined
  const isSettled = 'settledAt' in after && after.settledAt !== undefined
  if (isSettled && outstandingLegs(after).length > 0) {
    platform.violated(
      'settled means that every effect is done',
      `${orderId} is ${after.status}, inventory ${after.inventory.status}, payment ${after.payment.status}`,
    )
  }
  if (wasSettled && !isSettled && before.status === after.status) {
    platform.violated('what is settled stays settled', `${orderId} is ${after.status} and was settled`)
  }
  if (
    after.payment.capturedMinor !== 0 &&
    after.payment.capturedMinor !== after.totalMinor &&
    after.client !== null
  ) {
    platform.violated(
      'captured is nothing or the total',
      `${orderId}: ${after.payment.capturedMinor} of ${after.totalMinor}`,
    )
  }
}

const hasLetGo = (order: Order): boolean =>
  (order.status === 'rejected' || order.status === 'cancelled') && order.settledAt !== undefined

/** The watchdog would find such a hold an hour later; it may not come about in the first place. */
const checkHeld = (
  platform: Platform,
  holds: readonly Reservation[],
  orderOf: (orderId: string) => Order | undefined,
): void => {
  for (const hold of holds) {
    if (hold.state !== 'reserved' && hold.state !== 'committed') continue
    const order = orderOf(hold.orderId)
    if (order === undefined || !hasLetGo(order)) continue
    const what = `${hold.orderId}: ${JSON.stringify(hold)}`
    platform.violated('a settled order that was not confirmed holds nothing', what)
  }
}

/** What a stock partition received, holds and gave away, by its own rows. */
export const checkLevels = (
  platform: Platform,
  name: string,
  { sql, documents }: { sql: Sql; documents: Documents },
): void => {
  const expected = new Map<string, { onHand: number; reserved: number }>()
  const levelOf = (productId: string) => {
    const level = expected.get(productId) ?? { onHand: 0, reserved: 0 }
    expected.set(productId, level)
    return level
  }
  for (const { productId, delta } of documents.adjustments(sql)) levelOf(productId).onHand += delta
  for (const hold of documents.holds(sql)) {
    for (const { productId, quantity } of hold.lines) {
      if (hold.state === 'reserved') levelOf(productId).reserved += quantity
      if (hold.state === 'committed') levelOf(productId).onHand -= quantity
    }
  }
  for (const row of sql<{ product_id: string; on_hand: number; reserved: number }>(
    'SELECT product_id, on_hand, reserved FROM products',
  )) {
    const { onHand, reserved } = expected.get(row.product_id) ?? { onHand: 0, reserved: 0 }
    const isRight = row.on_hand === onHand && row.reserved === reserved && reserved >= 0 && onHand >= reserved
    if (isRight) continue
    platform.violated(
      'received = on hand + committed, on hand = available + reserved, all at least 0',
      `${name} ${row.product_id}: ${row.on_hand} on hand and ${row.reserved} reserved, by its rows ${onHand} and ${reserved}`,
    )
  }
}
