import { DAY_MS, HOUR_MS } from '../../../src/kernel/instant.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { orderInArchive } from '../../../src/order/archive.ts'
import { isSettled, type Order } from '../../../src/order/order.ts'
import { lastFactAt } from '../../../src/order/retention.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import type { Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'

const ARCHIVED = 'an order is in the archive before it leaves its partition'
const REST = 'only an order at rest that is past its retention leaves'
const HELD = 'events that a consumer has not read hold their order back'
const AFTER = 'payments and reservations leave after their orders'
const UNDER_WAY = 'nothing leaves with a call of the bank, a refund or a hold under way'
const ONCE = 'an order that has left is not placed again'
const LATE = 'nothing late begins a payment or a reservation of an order that has left'

/** A clock of a partition may be an hour and some seconds ahead. */
const CLOCK_MS = 2 * HOUR_MS

type Table = 'orders' | 'payments' | 'holds'

/** The rows of a partition by their order's id, as texts. */
type Rows = ReadonlyMap<string, string>

/** Sees after every commit which rows have left their partition or came to it, once orders may leave. */
export class DepartureWatch {
  /** The orders that have left, as they were. */
  readonly left = new Map<string, Order>()
  /** The payments that have left, as they were. */
  readonly leftPayments = new Map<string, Payment>()
  /** Whether a consumer of the order feed holds an order back. */
  isHeldBack: (order: Order) => boolean = () => false
  readonly #rows = new Map<Sql, Rows>()
  readonly #platform: Platform
  readonly #system: () => System

  constructor(platform: Platform, system: () => System) {
    this.#platform = platform
    this.#system = system
  }

  /** From now on. Before that it costs nothing. */
  begin(): void {
    const { orders, payments, stock } = this.#system()
    for (const { sql } of orders.values()) this.#rows.set(sql, rowsOf(sql, 'orders'))
    for (const { sql } of payments.values()) this.#rows.set(sql, rowsOf(sql, 'payments'))
    for (const { sql } of stock.values()) this.#rows.set(sql, rowsOf(sql, 'holds'))
  }

  /** A commit of the partition wrote the table. */
  see(table: Table, sql: Sql): void {
    const before = this.#rows.get(sql)
    if (before === undefined) return
    const now = rowsOf(sql, table)
    this.#rows.set(sql, now)
    for (const [orderId, text] of before) if (!now.has(orderId)) this.#leave(table, orderId, text)
    for (const orderId of now.keys()) {
      const isAgain = !before.has(orderId) && this.left.has(orderId)
      if (isAgain) this.#platform.violated(table === 'orders' ? ONCE : LATE, `${orderId} is in ${table}`)
    }
  }

  #leave(table: Table, orderId: string, text: string): void {
    const row: unknown = JSON.parse(text)
    this.#platform.trace('watch', () => `${orderId} has left ${table}`)
    if (table === 'orders') this.#leaveOrder(row as Order)
    else if (!this.left.has(orderId)) this.#platform.violated(AFTER, `${orderId} has left ${table}`)
    if (table === 'payments') this.#leavePayment(row as Payment)
    if (table === 'holds' && (row as { state: string }).state === 'reserved')
      this.#platform.violated(UNDER_WAY, `${orderId} has left with stock reserved`)
  }

  #leaveOrder(order: Order): void {
    const { violated, scheduler } = this.#platform
    const { archive } = this.#system()
    const { orderId, version, client } = order
    this.left.set(orderId, order)
    const copies = [...archive.bucket.texts.values()].map((text) => orderInArchive(text, orderId)?.version)
    if (!copies.includes(version))
      violated(ARCHIVED, `${orderId} has version ${version}, in the archive ${copies}`)
    const isOld = lastFactAt(order) < scheduler.now + CLOCK_MS - archive.retentionDays * DAY_MS
    if (!isOld || !isSettled(order) || client === null || order.paymentToken !== undefined)
      violated(REST, JSON.stringify(order))
    if (this.isHeldBack(order)) violated(HELD, orderId)
  }

  #leavePayment(payment: Payment): void {
    this.leftPayments.set(payment.orderId, payment)
    const { step, refunds, status } = payment
    // A refund that failed has no event to be acknowledged.
    const isRefunding = refunds.some(({ state, isNoted }) => state !== 'failed' && !isNoted)
    if (step !== undefined || isRefunding || status === 'pending' || status === 'authorized')
      this.#platform.violated(UNDER_WAY, JSON.stringify(payment))
  }
}

const rowsOf = (sql: Sql, table: Table): Rows =>
  new Map(
    sql<{ order_id: string; document: string }>(`SELECT order_id, document FROM ${table}`).map(
      ({ order_id, document }) => [order_id, document],
    ),
  )
