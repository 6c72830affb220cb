import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { mergedPortions, portionFrom } from '../../src/contracts/books.ts'
import type { DomainEvent } from '../../src/contracts/events.ts'
import type { ExternalOrder } from '../../src/contracts/external-order.ts'
import type { Position } from '../../src/contracts/paging.ts'
import type { Subscriber } from '../../src/contracts/topology.ts'
import { timeDigits } from '../../src/kernel/ids.ts'
import { DAY_MS, SECOND_MS } from '../../src/kernel/instant.ts'
import { newOrderId } from '../../src/kernel/partitions.ts'
import { acknowledgedIds, isAcknowledgement } from '../../src/messaging/acknowledgement.ts'
import type { Sql } from '../../src/messaging/sql.ts'
import { auditPage, type Books } from '../../src/order/audit/audit-page.ts'
import type { LegReport } from '../../src/order/saga.ts'
import { placement } from '../support/builders.ts'
import { createFileSql } from '../support/in-memory-sql.ts'
import { createInventoryWorld } from '../support/inventory-world.ts'
import { createOrderWorld } from '../support/order-world.ts'
import { createPaymentWorld } from '../support/payment-world.ts'

/** `RETENTION_ORDERS=100000` repeats what docs/storage.md says of a large partition. */
const ORDERS = Number(process.env['RETENTION_ORDERS'] ?? 1_000)
const BATCH = 200
const SAMPLE = 100
const DAYS = 7
/** In which all orders leave. */
const SECONDS_MAX = 3_600
const STOCK = { P001: 1_000_000, P002: 1_000_000 }

/** What stays for ever of an order that has left is small beside the order. */
const GROWTH_MAX = 1.1

const folder = mkdtempSync(join(tmpdir(), 'edge-orders-retention-'))
const files: ReturnType<typeof createFileSql>[] = []

afterAll(() => {
  for (const { close } of files) close()
  rmSync(folder, { recursive: true })
})

const pathOf = (index: number): string => join(folder, `${index}.sqlite`)

/** A database in a file with a write-ahead log, as workerd has it. No test loses power, so nothing waits for the disk. */
const createSqlInFile = (): Sql => {
  const file = createFileSql(pathOf(files.length))
  files.push(file)
  file.sql('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
  return file.sql
}

/** Three services with their real partitions, each in a file, and a bank. Every event is delivered. */
const createSystem = () => {
  const order = createOrderWorld({ retentionDays: DAYS, sql: createSqlInFile() })
  const payment = createPaymentWorld({ sql: createSqlInFile() })
  const inventory = createInventoryWorld(STOCK, 2, createSqlInFile)
  order.legsLetGo = false
  const partitions = [order, payment, ...inventory.stocks]
  const sampled = new Set<string>()
  const sent: { to: Subscriber; event: DomainEvent }[] = []

  const deliver = async (to: Subscriber, events: readonly DomainEvent[]): Promise<void> => {
    if (events.length === 0) return
    for (const event of events) if (sampled.has(event.subject)) sent.push({ to, event })
    if (to === 'payment') await payment.respond(...events)
    if (to === 'inventory') await inventory.respond(...events)
    if (to !== 'order') return
    for (const event of events.filter(isAcknowledgement))
      order.partition().acknowledgeBy(event.source.slice(1), acknowledgedIds([event]))
    order.answer(...(events.filter((event) => !isAcknowledgement(event)) as LegReport[]))
  }

  const settle = async (): Promise<void> => {
    for (;;) {
      const outgoing = [order, payment].flatMap(({ memory }) => memory.takePublished())
      const reports = [...payment.takeReports(), ...inventory.takeReports()]
      if (outgoing.length + reports.length === 0) return
      for (const [to, group] of Map.groupBy(outgoing, ({ to }) => to))
        await deliver(
          to,
          group.map(({ event }) => event),
        )
      await deliver('order', reports)
    }
  }

  /** Lets time go on everywhere, with all alarms that ring meanwhile. */
  const advance = async (ms: number): Promise<void> => {
    for (const { memory, wake } of partitions) await memory.ringUntil(memory.now() + ms, wake)
    await settle()
  }

  return { order, payment, inventory, partitions, sampled, sent, deliver, settle, advance }
}

type System = ReturnType<typeof createSystem>

const ownIdAt = (at: number, number: number): string =>
  newOrderId('0', timeDigits(at) + String(number).padStart(16, '0'))

/** The unique id of an external order has a time by chance: this one is long past or far ahead. */
const externalIdOf = (number: number): string =>
  newOrderId('0', (number % 20 === 9 ? '00' : '7z') + String(number).padStart(24, '0'))

/** Every tenth order comes as an event with an id of its client's own. */
const placeExternal = ({ order }: System, number: number) => {
  const paymentToken = 'pm_card_visa'
  const asked: ExternalOrder = {
    ...{ orderId: `ext-${number}`, totalAmount: 150, currency: 'USD', paymentToken },
    items: [
      { productId: 'P001', quantity: 2 },
      { productId: 'P002', quantity: 1 },
    ],
  }
  const [uniqueId, paymentTokenHash] = [externalIdOf(number), 'key1.hash']
  const external = { orderId: uniqueId, externalId: asked.orderId, paymentToken, paymentTokenHash }
  const { placedAt: _at, deadlineAt: _deadline, ...value } = placement(external)
  const request = { asked, client: value.client ?? '', uniqueId, tokenHashes: [paymentTokenHash] }
  return order.partition().externalOrders.place([{ ...request, placement: { ok: true, value } }])
}

const placeAll = async (system: System, first = 0): Promise<void> => {
  for (const stock of system.inventory.stocks) {
    const facts = stock.memory.sql<{ fact_id: string }>('SELECT fact_id FROM facts')
    stock.partition().acknowledge(facts.map(({ fact_id }) => fact_id))
  }
  for (let placed = 0; placed < ORDERS; placed += BATCH) {
    for (let nth = 0; nth < Math.min(BATCH, ORDERS - placed); nth += 1) {
      const number = first + placed + nth
      const isExternal = number % 10 === 9
      const orderId = isExternal ? externalIdOf(number) : ownIdAt(system.order.memory.now(), number)
      if (number < SAMPLE) system.sampled.add(orderId)
      if (isExternal) placeExternal(system, number)
      else system.order.place({ orderId })
    }
    await system.settle()
    await system.advance(4 * SECOND_MS)
  }
}

const count = (sql: Sql, table: string): number =>
  sql<{ rows: number }>(`SELECT count(*) AS rows FROM ${table}`)[0]?.rows ?? 0

const rowsLeft = ({ order, payment, inventory }: System): number =>
  count(order.memory.sql, 'orders') +
  count(payment.memory.sql, 'payments') +
  inventory.stocks.reduce((sum, { memory }) => sum + count(memory.sql, 'holds'), 0)

const letAllLeave = async (system: System): Promise<void> => {
  await system.advance((DAYS + 1) * DAY_MS)
  for (let seconds = 0; rowsLeft(system) > 0 && seconds < SECONDS_MAX; seconds += 1) {
    // As the trigger does: one look walks through a few thousand rows at most.
    if (seconds % 60 === 0) await system.order.partition().lookForDepartures()
    await system.advance(SECOND_MS)
  }
  await system.advance(600 * SECOND_MS)
}

/** The bytes of a partition's file once its log is written back, and of the pages in use. */
const sizeOf = (sql: Sql) => {
  sql('PRAGMA wal_checkpoint(TRUNCATE)')
  const [used] = sql<{ bytes: number }>(
    `SELECT (page_count - freelist_count) * page_size AS bytes
      FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()`,
  )
  const index = files.findIndex((file) => file.sql === sql)
  return { file: statSync(pathOf(index)).size, used: used?.bytes ?? 0 }
}

const sumOf = (sizes: readonly ReturnType<typeof sizeOf>[]) => ({
  file: sizes.reduce((sum, { file }) => sum + file, 0),
  used: sizes.reduce((sum, { used }) => sum + used, 0),
})

const sizesOf = ({ order, payment, inventory }: System) => ({
  orders: sizeOf(order.memory.sql),
  payments: sizeOf(payment.memory.sql),
  stock: sumOf(inventory.stocks.map(({ memory }) => sizeOf(memory.sql))),
})

const STORES = ['orders', 'payments', 'stock'] as const

const booksOf = ({ order, payment, inventory }: System): Books => ({
  countStockPartitions: async () => inventory.stocks.length,
  walkStock: async (index, walk) => inventory.stocks[index]?.partition().walk(walk) ?? { state: 'lost' },
  ordersAfter: async (orderId, limit) => portionFrom(order.partition().booksAfter(orderId, limit), limit),
  ordersOf: async (orderIds) => order.partition().booksOf(orderIds),
  reservationsAfter: async (orderId, limit) =>
    mergedPortions(
      inventory.stocks.map(({ partition }) =>
        portionFrom(partition().reservationsAfter(orderId, limit), limit),
      ),
    ),
  paymentsAfter: async (orderId, limit) => portionFrom(payment.partition().booksAfter(orderId, limit), limit),
  bankBooks: async () => [],
  newWalkId: () => 'w',
})

const driftOf = async (system: System): Promise<number> => {
  let drift = 0
  let after: Position | undefined
  do {
    const page = await auditPage(booksOf(system), { after, limit: 1_000 })
    drift += page.laws.reduce((sum, law) => sum + law.drift, 0)
    after = page.next
  } while (after !== undefined)
  return drift
}

/** What the bank and the products say, and every row but what is only counted. */
const stateOf = ({ payment, partitions, inventory, sampled }: System) => ({
  bank: [...sampled].map((orderId) => payment.operations(orderId)),
  levels: Object.keys(STOCK).map((productId) => inventory.level(productId)),
  rows: partitions.map(({ memory }) => {
    const { watermarks: _counts, ...tables } = memory.rows()
    return tables
  }),
})

it(`${ORDERS} settled orders leave all partitions; the books add up, and nothing that comes again has an effect`, async () => {
  const system = createSystem()
  const empty = sizesOf(system)
  await placeAll(system)
  const before = sizesOf(system)
  expect([rowsLeft(system), await driftOf(system)]).toEqual([4 * ORDERS, 0])

  await letAllLeave(system)
  const after = sizesOf(system)
  expect([rowsLeft(system), await driftOf(system)]).toEqual([0, 0])
  expect(system.payment.memory.rows().departed_payments).toEqual([
    { currency: 'USD', payments: ORDERS, captured_minor: ORDERS * 15_000, refunded_minor: 0 },
  ])
  for (const name of STORES)
    expect(after[name].used - empty[name].used).toBeLessThan((before[name].used - empty[name].used) / 5)

  const state = stateOf(system)
  const sent = system.sent.splice(0)
  expect(new Set(sent.map(({ event }) => event.type)).size).toBeGreaterThan(5)
  for (const { to, event } of sent) await system.deliver(to, [event, event])
  for (let number = 9; number < SAMPLE; number += 10) expect(placeExternal(system, number)).toEqual([])
  await system.advance(600 * SECOND_MS)
  expect(stateOf(system)).toEqual(state)

  // As many orders again find their room in the pages that the first ones left.
  await placeAll(system, ORDERS)
  expect(rowsLeft(system)).toBe(4 * ORDERS)
  await letAllLeave(system)
  const again = sizesOf(system)
  expect([rowsLeft(system), await driftOf(system)]).toEqual([0, 0])
  if (ORDERS > BATCH * 10) console.log(JSON.stringify({ ORDERS, empty, before, after, again }))
  for (const name of STORES) expect(again[name].file).toBeLessThan(after[name].file * GROWTH_MAX)
}, 1_200_000)
