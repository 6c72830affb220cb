import { closeSync, fsyncSync, openSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ledgerRowsOf } from '../../src/inventory/movements.ts'
import {
  loadProducts,
  loadReservations,
  storeProduct,
  storeReservation,
} from '../../src/inventory/partition/stock-store.ts'
import { RESERVATION } from '../../src/inventory/stock.ts'
import { ulid } from '../../src/kernel/ids.ts'
import { HOUR_MS, type Instant } from '../../src/kernel/instant.ts'
import {
  labelOfOrder,
  newOrderId,
  type PartitionCounts,
  parsePartitionCounts,
  partsOfOrderId,
} from '../../src/kernel/partitions.ts'
import type { Sql } from '../../src/messaging/sql.ts'
import { readStored, toStored } from '../../src/messaging/stored-document.ts'
import { uniqueOrderId } from '../../src/order/external-id.ts'
import { ORDER } from '../../src/order/order.ts'
import { insertOrder, loadOrders } from '../../src/order/partition/order-store.ts'
import { loadPayments, storePayment } from '../../src/payment/partition/payment-store.ts'
import { PAYMENT, type Payment } from '../../src/payment/payment.ts'
import { writeLedger } from '../../workers/inventory/ledger.ts'
import { listOrders } from '../../workers/order/order-list.ts'
import { SimulatedBank } from '../../workers/payment/gateways/simulated-bank.ts'
import { listPayments } from '../../workers/payment/payment-list.ts'
import { bindingOf } from '../support/in-memory-d1.ts'
import { createFileSql } from '../support/in-memory-sql.ts'
import { createMemoryHost } from '../support/memory-host.ts'

/** Bytes by which the files of each store grew. */
export type StoredBytes = Record<string, number>

const COPIES_A_TRANSACTION = 5_000

export type File = { path: string; sql: Sql; close(): void }

/**
 * Writes copies of settled orders into the files of a stopped system, by the code of its own stores: in the partitions
 * of orders, payments and stock, and in the lists. All of a copy happened so long ago, an hour where `ageMs` is not given; one
 * copy was placed each millisecond. The copy of an external order has an external id of its own. With `isAudited` the
 * simulated bank has charged for the copies, and the stock that they took has left the shelf: so the audit adds up.
 */
export const copyOrders = async (
  stateDir: string,
  templates: readonly string[],
  count: number,
  { ageMs = HOUR_MS, isAudited = false } = {},
) => {
  const files = openFiles(stateDir)
  const before = sizesOf(files)
  const orderIds: string[] = []
  const startAt = Date.now() - count - ageMs
  const copies = templates.map((orderId) => templateOf(files, orderId, String(startAt)))
  const lists = listsIn(files.lists)
  for (let from = 0; from < count; from += COPIES_A_TRANSACTION) {
    const batch = await Promise.all(
      Array.from({ length: Math.min(COPIES_A_TRANSACTION, count - from) }, (_, nth) => {
        const copy = copies[(from + nth) % copies.length]
        if (copy === undefined) throw new Error('There is no order to copy.')
        return copy(startAt + from + nth)
      }),
    )
    for (const { sql } of Object.values(files).flat()) sql('BEGIN')
    for (const { store, storeBooks } of batch) {
      store()
      if (isAudited) storeBooks()
    }
    await lists.write(batch)
    for (const { sql } of Object.values(files).flat()) sql('COMMIT')
    orderIds.push(...batch.map(({ order }) => order.orderId))
  }
  closeFiles(files)
  for (const { path } of Object.values(files).flat()) flush(path)
  const after = sizesOf(files)
  const bytes = Object.fromEntries(
    Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]),
  )
  return { orderIds, bytes }
}

/** The databases of a stopped system, in which its own code can write. They have to be closed. */
export const openFiles = (stateDir: string) => {
  const objects = (name: string) => filesIn(join(stateDir, `v3/do/${name}`))
  return {
    orders: objects('edge-orders-OrderObject'),
    payments: objects('edge-orders-payment-PaymentObject'),
    stock: objects('edge-orders-inventory-StockObject'),
    bank: objects('edge-orders-payment-SimulatedBankObject'),
    lists: filesIn(join(stateDir, 'v3/d1/miniflare-D1DatabaseObject')),
  }
}

export type Files = ReturnType<typeof openFiles>

export const closeFiles = (files: Files): void => {
  for (const { close } of Object.values(files).flat()) close()
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

export const has = ({ sql }: File, table: string): boolean =>
  sql("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", table).length > 0

/** What makes a copy of one settled order, with the rows of all services. `wave` tells its external ids from earlier ones. */
const templateOf = (files: Files, orderId: string, wave: string) => {
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
  if (order.row.dueAt !== null || payment.row.dueAt !== null) throw new Error(`${orderId} is not at rest.`)
  const bank = bankIn(found(files.bank, 'operations', (sql) => booksIn(sql, orderId)).sql)
  const { placedAt: templateAt, externalId, client } = order.row.order
  const counts = countsIn(order.sql)
  const label = (partsOfOrderId(orderId)?.prefix ?? '').slice('ord_'.length, -1)
  return async (placedAt: number) => {
    const copyOfId = externalId && nameIn(label, `${externalId}-${wave}-${placedAt}`, counts)
    const copyId =
      copyOfId === undefined
        ? newOrderId(
            label,
            ulid(placedAt, (bytes) => crypto.getRandomValues(new Uint8Array(bytes))),
          )
        : await uniqueOrderId({ client: client ?? '', externalId: copyOfId }, label, sha256)
    const rename = (text: string) => {
      const renamed = text.replaceAll(orderId, copyId)
      return copyOfId === undefined ? renamed : renamed.replaceAll(`"${externalId}"`, `"${copyOfId}"`)
    }
    const moved = (text: string) => movedBy(rename(text), placedAt - templateAt)
    const copied = readStored(ORDER, moved(toStored(ORDER, order.row.order)))
    const paid = readStored(PAYMENT, moved(toStored(PAYMENT, payment.row.payment)))
    const reserved = readStored(RESERVATION, moved(toStored(RESERVATION, hold.row.reservation)))
    return {
      order: copied,
      payment: paid,
      ledgerRows: ledgerRowsOf(reserved),
      store: () => {
        insertOrder(order.sql, { ...order.row, dueAt: null, order: copied })
        storePayment(payment.sql, { ...payment.row, dueAt: null, payment: paid })
        storeReservation(hold.sql, { reservation: reserved, dueAt: null }, undefined)
      },
      storeBooks: () => {
        bank.charge(paid, placedAt)
        for (const { productId, quantity } of reserved.lines) {
          const row = loadProducts(hold.sql, [productId]).get(productId)
          if (row !== undefined) storeProduct(hold.sql, { ...row, onHand: row.onHand - quantity })
        }
      },
    }
  }
}

/** An external id that begins with this text and leads to the partition with this label. */
const nameIn = (label: string, text: string, counts: PartitionCounts): string => {
  for (let nth = 0; ; nth += 1) {
    const name = `${text}-${nth}`
    if (labelOfOrder(name, counts) === label) return name
  }
}

/** The counts of partitions with which the system has run. */
const countsIn = (sql: Sql): PartitionCounts => {
  const [row] = sql<{ value: string }>("SELECT value FROM settings WHERE name = 'order_partitions'")
  const counts = parsePartitionCounts(row?.value ?? '')
  if (!counts.ok) throw new Error(counts.reason)
  return counts.value
}

const sha256 = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

/** Every instant of a stored document has milliseconds since 1970, and no amount is so large. */
const INSTANT_MIN = 1_500_000_000_000

/** A stored document, as if all of it had happened so much later. */
const movedBy = (text: string, ms: number): string =>
  JSON.stringify(
    JSON.parse(text, (_key, value) =>
      typeof value === 'number' && value >= INSTANT_MIN ? value + ms : value,
    ),
  )

const booksIn = (sql: Sql, orderId: string) => sql('SELECT 1 FROM operations WHERE order_id = ?', orderId)[0]

/** The simulated bank over its own file. */
const bankIn = (sql: Sql) => {
  const memory = createMemoryHost({ sql })
  let now = 0
  const bank = new SimulatedBank({ ...memory.host, now: () => now })
  return {
    /** Authorizes and captures a payment, as its partition asked for it. */
    charge: ({ orderId, amountMinor, currency, authorizationId = '' }: Payment, at: Instant): void => {
      now = at
      const common = { orderId, amountMinor, currency }
      bank.perform([
        { ...common, operation: 'authorize', idempotencyKey: `${orderId}/authorize/1` },
        { ...common, operation: 'capture', idempotencyKey: `${orderId}/capture/1`, authorizationId },
      ])
    },
  }
}

type Copy = Awaited<ReturnType<ReturnType<typeof templateOf>>>

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
