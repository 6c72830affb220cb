import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ledgerRowsOf } from '../../src/inventory/movements.ts'
import { loadReservations, storeReservation } from '../../src/inventory/partition/stock-store.ts'
import { RESERVATION } from '../../src/inventory/stock.ts'
import { ulid } from '../../src/kernel/ids.ts'
import { newOrderId, partsOfOrderId } from '../../src/kernel/partitions.ts'
import type { Sql } from '../../src/messaging/sql.ts'
import { readStored, toStored } from '../../src/messaging/stored-document.ts'
import { ORDER, type Order } from '../../src/order/order.ts'
import { insertOrder, loadOrders } from '../../src/order/partition/order-store.ts'
import { loadPayments, storePayment } from '../../src/payment/partition/payment-store.ts'
import { PAYMENT } from '../../src/payment/payment.ts'
import { writeLedger } from '../../workers/inventory/ledger.ts'
import { listOrders } from '../../workers/order/order-list.ts'
import { listPayments } from '../../workers/payment/payment-list.ts'
import { bindingOf } from '../support/in-memory-d1.ts'
import { createFileSql } from '../support/in-memory-sql.ts'

/** Bytes by which the files of each store grew. */
export type StoredBytes = Record<string, number>

const COPIES_A_TRANSACTION = 5_000

type File = { path: string; sql: Sql; close(): void }

/**
 * Writes copies of settled orders into the files of a stopped system, by the code of its own stores: in the partitions
 * of orders, payments and stock, and in the lists. The copies were placed before the templates, one each millisecond.
 */
export const copyOrders = async (stateDir: string, templates: readonly string[], count: number) => {
  const objects = (name: string) => filesIn(join(stateDir, `v3/do/${name}`))
  const files = {
    orders: objects('edge-orders-OrderObject'),
    payments: objects('edge-orders-payment-PaymentObject'),
    stock: objects('edge-orders-inventory-StockObject'),
    lists: filesIn(join(stateDir, 'v3/d1/miniflare-D1DatabaseObject')),
  }
  const before = sizesOf(files)
  const orderIds: string[] = []
  const copies = templates.map((orderId) => templateOf(files, orderId))
  const lists = listsIn(files.lists)
  const startAt = Date.now() - count - 3_600_000
  for (let from = 0; from < count; from += COPIES_A_TRANSACTION) {
    const batch = Array.from({ length: Math.min(COPIES_A_TRANSACTION, count - from) }, (_, nth) => {
      const copy = copies[(from + nth) % copies.length]
      if (copy === undefined) throw new Error('There is no order to copy.')
      return copy(startAt + from + nth)
    })
    for (const { sql } of Object.values(files).flat()) sql('BEGIN')
    for (const { store } of batch) store()
    await lists.write(batch)
    for (const { sql } of Object.values(files).flat()) sql('COMMIT')
    orderIds.push(...batch.map(({ order }) => order.orderId))
  }
  for (const { close, path } of Object.values(files).flat()) {
    close()
    flush(path)
  }
  const after = sizesOf(files)
  const bytes = Object.fromEntries(
    Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]),
  )
  return { orderIds, bytes }
}

const filesIn = (folder: string): File[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.sqlite') && name !== 'metadata.sqlite')
    .map((name) => ({ path: join(folder, name), ...createFileSql(join(folder, name)) }))

/** Writes the file to the disk now, so that the kernel does not do it beside what is measured. */
const flush = (path: string): void => {
  const file = openSync(path, 'r+')
  fsyncSync(file)
  closeSync(file)
}

const sizesOf = (files: Record<string, readonly File[]>): StoredBytes =>
  Object.fromEntries(
    Object.entries(files).map(([name, each]) => [
      name,
      each.map(({ path }) => statSync(path).size).reduce((sum, size) => sum + size, 0),
    ]),
  )

const has = ({ sql }: File, table: string): boolean =>
  sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table).length > 0

/** What makes a copy of one settled order, with the rows of all services. */
const templateOf = (files: Record<'orders' | 'payments' | 'stock', readonly File[]>, orderId: string) => {
  const found = <Row>(each: readonly File[], table: string, load: (sql: Sql) => Row | undefined) => {
    for (const file of each) {
      const row = has(file, table) ? load(file.sql) : undefined
      if (row !== undefined) return { row, sql: file.sql }
    }
    throw new Error(`${orderId} has no row in ${table}.`)
  }
  const order = found(files.orders, 'orders', (sql) => loadOrders(sql, [orderId]).get(orderId))
  const payment = found(files.payments, 'payments', (sql) => loadPayments(sql, [orderId]).get(orderId))
  const hold = found(files.stock, 'holds', (sql) => loadReservations(sql, [orderId]).get(orderId))
  const prefix = partsOfOrderId(orderId)?.prefix ?? ''
  const label = prefix.slice('ord_'.length, -1)
  const byMs = (instant: number) => instant - order.row.order.placedAt
  return (placedAt: number) => {
    const copyId = newOrderId(
      label,
      ulid(placedAt, (bytes) => crypto.getRandomValues(new Uint8Array(bytes))),
    )
    const rename = (text: string) => text.replaceAll(orderId, copyId)
    const copied = { ...readStored(ORDER, rename(toStored(ORDER, order.row.order))), placedAt }
    const paid = {
      ...readStored(PAYMENT, rename(toStored(PAYMENT, payment.row.payment))),
      createdAt: placedAt,
    }
    const reserved = readStored(RESERVATION, rename(toStored(RESERVATION, hold.row.reservation)))
    const shift = byMs(placedAt)
    return {
      order: copied as Order,
      payment: paid,
      ledgerRows: ledgerRowsOf(reserved).map((row) => ({ ...row, at: row.at + shift })),
      store: () => {
        insertOrder(order.sql, { ...order.row, dueAt: null, order: copied as Order })
        storePayment(payment.sql, { ...payment.row, dueAt: null, payment: paid })
        storeReservation(hold.sql, { reservation: reserved, dueAt: null }, undefined)
      },
    }
  }
}

type Copy = ReturnType<ReturnType<typeof templateOf>>

/** The databases of the lists, told apart by their tables. */
const listsIn = (files: readonly File[]) => {
  const databaseWith = (table: string) => {
    const file = files.find((each) => has(each, table))
    if (file === undefined) throw new Error(`No database has the table ${table}.`)
    return bindingOf(file.sql)
  }
  const [orders, payments, ledger] = [
    databaseWith('listed_orders'),
    databaseWith('listed_payments'),
    databaseWith('movements'),
  ]
  return {
    write: async (copies: readonly Copy[]): Promise<void> => {
      await listOrders(
        orders,
        copies.map(({ order }) => order),
      )
      await listPayments(
        payments,
        copies.map(({ payment }) => payment),
      )
      await writeLedger(
        ledger,
        copies.flatMap(({ ledgerRows }) => ledgerRows),
      )
    },
  }
}
