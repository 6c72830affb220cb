import type { Instant } from '../../../src/kernel/instant.ts'
import { isSettled, type Order } from '../../../src/order/order.ts'
import { lastFactAt } from '../../../src/order/retention.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import type { Platform } from '../platform/platform.ts'
import type { System } from '../system/system.ts'
import type { Workload } from '../world/workload.ts'
import type { DepartureWatch } from './departure-watch.ts'
import { checkOrder } from './orders.ts'
import { checkOutstandingWork } from './outstanding-work.ts'
import { checkReadModels } from './read-models.ts'
import { checkLevels, createDocuments } from './stock.ts'
import { bankOf, excusedOrders, load, type Stored } from './stored.ts'
import type { Violated } from './violated.ts'

const ALL_LEAVE = 'every settled order leaves once it is past its retention'
const LEGS_LEAVE = 'payments and reservations of orders that have left leave too'
const BANK = 'the bank has of an order that has left what its payment said'
const SUMS = 'what has left is in the sums'
const DONE = 'no departure is outstanding at rest'

type Scene = { system: System; records: ClientRecords; workload: Workload; watch: DepartureWatch }

/** Hours after orders have left, and after every event about them has come again. `fresh`: orders that are too young to leave. */
export const checkDeparted = ({ violated }: Platform, scene: Scene, fresh: readonly string[]): void => {
  const { system, watch } = scene
  const stored = load(system)
  const excused = excusedOrders(stored, scene)
  for (const { order } of stored.orders.values()) {
    if (excused.has(order.orderId)) continue
    checkOrder(order, stored, bankOf(system)(order.orderId), violated)
    checkStays(order, fresh, violated)
  }
  checkLegs(stored, scene, violated)
  for (const payment of watch.leftPayments.values()) checkBank(payment, system, violated)
  checkSums(scene, violated)
  const documents = createDocuments()
  for (const { name, sql } of system.stock.values()) checkLevels({ violated }, name, { sql, documents })
  checkReadModels(stored, system, violated)
  checkOutstandingWork(system, excused, violated)
  checkDepartures(system, violated)
}

/** An order that was never placed here has no client. It stays. */
const checkStays = (order: Order, fresh: readonly string[], violated: Violated): void => {
  if (order.client === null || fresh.includes(order.orderId)) return
  violated(
    ALL_LEAVE,
    `${order.orderId} is ${order.status}, settled: ${isSettled(order)}, since ${lastFactAt(order)}`,
  )
}

/** A payment that was changed late stays until later orders of its partition have left. */
const checkLegs = (stored: Stored, { system, watch }: Scene, violated: Violated): void => {
  for (const { orderId, changedAt } of stored.payments.values()) {
    const before = departedBefore(system, `payments-${system.labelOf(orderId)}`)
    if (watch.left.has(orderId) && changedAt < before) violated(LEGS_LEAVE, `${orderId} has a payment`)
  }
  for (const { orderId, at, state } of stored.reservations)
    if (watch.left.has(orderId)) violated(LEGS_LEAVE, `${orderId} is ${state} at ${at}`)
}

const departedBefore = ({ payments }: System, name: string): Instant =>
  payments.get(name)?.sql<{ before: Instant }>('SELECT before FROM departed')[0]?.before ??
  Number.NEGATIVE_INFINITY

const checkBank = (payment: Payment, system: System, violated: Violated): void => {
  const { orderId, capturedMinor, refundedMinor } = payment
  const bank = bankOf(system)(orderId)
  const isSame =
    bank.heldMinor === 0 && bank.capturedMinor === capturedMinor && bank.refundedMinor === refundedMinor
  if (!isSame || bank.authorizations > 1 || bank.captures > 1)
    violated(BANK, `${orderId}: ${JSON.stringify(bank)}, its payment ${JSON.stringify(payment)}`)
}

const checkSums = ({ system, watch }: Scene, violated: Violated): void => {
  const sums = [...system.payments.values()].flatMap(({ sql }) =>
    sql<{ captured_minor: number; refunded_minor: number }>(
      'SELECT captured_minor, refunded_minor FROM departed_payments',
    ),
  )
  const left = [...watch.leftPayments.values()]
  const add = (amounts: readonly number[]) => amounts.reduce((sum, amount) => sum + amount, 0)
  const ours = [add(sums.map((sum) => sum.captured_minor)), add(sums.map((sum) => sum.refunded_minor))].join()
  const wanted = [
    add(left.map(({ capturedMinor }) => capturedMinor)),
    add(left.map(({ refundedMinor }) => refundedMinor)),
  ].join()
  if (ours !== wanted) violated(SUMS, `${ours} captured and refunded, the payments had ${wanted}`)
}

/** Every portion was acknowledged by both legs. */
const checkDepartures = ({ orders }: System, violated: Violated): void => {
  for (const { name, sql } of orders.values()) {
    const open = sql<{ document: string }>('SELECT document FROM departures WHERE due_at IS NOT NULL')
    for (const { document } of open) violated(DONE, `${name}: ${document}`)
  }
}
