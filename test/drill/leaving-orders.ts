import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { DAY_MS } from '../../src/kernel/instant.ts'
import type { Life, System } from '../crash/system.ts'
import { type Call, createCall } from './caller.ts'
import { oldRowsOf, openPortionsOf, rowsOf, type Size, sizesOf } from './file-sizes.ts'
import { expectStatus, externalOrder, PRODUCT, place, waitUntilSettled } from './one-product.ts'
import { duplicatesOf, keepLettersOf, sendAgain, waitUntilHandled } from './resent-events.ts'
import { closeFiles, copyOrders, has, openFiles } from './stored-orders.ts'

const OWN_TEMPLATES = 18
/** Every tenth order comes as an event with an id of its client's own. */
const EXTERNAL_TEMPLATES = 2
const RETENTION = { RETENTION_DAYS: '7' }
/** All of the orders happened so long ago. */
const AGE_MS = 9 * DAY_MS
/** All else happened in this time. */
const RECENT_MS = DAY_MS
/** Orders that are read, and whose events are sent again. */
const SAMPLE = 100
const POLL_MS = 2_000
const PROGRESS_MS = 20_000
const LEFT_WITHIN_MS = 3_600_000
const SETTLED_WITHIN_MS = 120_000
/** A second wave fits into the pages that the first one left, but for what stays of each for ever. */
const GROWTH_MAX = 1.05

type Drill = { system: System; url: string; key: string; stateDir: string; count: number }

/**
 * Two waves of so many settled orders leave a running system, one after the other. Prints how large the files are. Fails
 * where something of an order stays behind, the audit does not add up, an order is not read as before, an event that comes
 * again has an effect, or the second wave needs more room than the first.
 */
export const letOrdersLeave = async (drill: Drill): Promise<void> => {
  const { system, stateDir, count } = drill
  const call = createCall(drill.url, drill.key)
  const first = await start(system)
  await expectStatus(
    200,
    call('POST', `/inventory/${PRODUCT}/adjustments`, { delta: 3 * count + 1_000, reason: 'drill' }),
  )
  await placeTemplates(call)
  await atRest(stateDir)
  await system.kill(first)
  const templates = orderIdsIn(stateDir)
  const sizes = [sizesOf(stateDir)]
  for (const wave of ['first', 'second']) {
    console.log(`The ${wave} wave of ${count} orders:`)
    sizes.push(...(await letWaveLeave({ ...drill, call, templates })))
  }
  printSizes(sizes)
  refuseGrowth(sizes)
}

type Rows = ReturnType<typeof rowsOf>

type Sizes = ReturnType<typeof sizesOf>

type Wave = Drill & { call: Call; templates: readonly string[] }

/** Returns the sizes with all orders of the wave, and after they have left. */
const letWaveLeave = async (wave: Wave): Promise<[full: Sizes, left: Sizes]> => {
  const { system, call, stateDir, templates, count } = wave
  const rowsBefore = rowsOf(stateDir)
  const startedAt = Date.now()
  const { orderIds } = await copyOrders(stateDir, templates, count, { ageMs: AGE_MS, isAudited: true })
  console.log(`  written in ${secondsSince(startedAt)} s`)
  const sampled = orderIds.slice(Math.floor(count / 2), Math.floor(count / 2) + SAMPLE)
  const letters = await keepLettersOf(stateDir, sampled)
  const [full, bank] = [sizesOf(stateDir), bankBooks(stateDir, orderIds)]

  const staying = await start(system)
  const views = await readAll(call, sampled)
  await audit(call, 'before they leave')
  await system.kill(staying)

  const leaving = await start(system, RETENTION)
  const level = await levelOf(call)
  await waitUntilLeft(wave)
  await audit(call, 'after they have left')
  const counted = await duplicatesOf(wave)
  await sendAgain(wave, { sampled, letters, views })
  const markers = await waitUntilHandled(wave, letters, counted)
  const levelNow = await levelOf(call)
  if (levelNow !== level - markers)
    throw new Error(`${levelNow} of ${PRODUCT} are on hand, of ${level}, after ${markers} orders.`)
  if (!isDeepStrictEqual(await readAll(call, sampled), views))
    throw new Error('An order is not read as before.')
  await audit(call, 'after all events came again')
  await atRest(stateDir)
  await system.kill(leaving)
  if (bankBooks(stateDir, orderIds) !== bank) throw new Error("The bank's books have changed.")
  expectRows(rowsOf(stateDir), rowsBefore, markers)
  return [full, sizesOf(stateDir)]
}

const start = async (system: System, environment: Record<string, string> = {}): Promise<Life> => {
  const life = system.start(environment)
  await life.ready
  return life
}

const secondsSince = (instant: number): number => Math.round((Date.now() - instant) / 1_000)

const placeTemplates = async (call: Call): Promise<void> => {
  for (let order = 0; order < OWN_TEMPLATES; order += 1) await place(call)
  for (let order = 0; order < EXTERNAL_TEMPLATES; order += 1) {
    await expectStatus(202, call('POST', '/events', externalOrder(`drill-${order}`)))
    await waitUntilSettled(call, `drill-${order}`)
  }
}

/** The unique ids of all orders of a stopped system. */
const orderIdsIn = (stateDir: string): string[] => {
  const files = openFiles(stateDir)
  const orderIds = files.orders
    .filter((file) => has(file, 'orders'))
    .flatMap(({ sql }) => sql<{ order_id: string }>('SELECT order_id FROM orders'))
    .map(({ order_id }) => order_id)
  closeFiles(files)
  return orderIds
}

/** Until nothing is due for any row, and the lists have all of them. */
const atRest = async (stateDir: string): Promise<void> => {
  for (const giveUpAt = Date.now() + SETTLED_WITHIN_MS; Date.now() < giveUpAt; await sleep(POLL_MS)) {
    const {
      orders,
      'list of orders': listed,
      payments,
      'list of payments': listedPayments,
    } = rowsOf(stateDir)
    if (orders === listed && payments === listedPayments && !hasDueRows(stateDir)) return
  }
  throw new Error('The system does not come to rest.')
}

const hasDueRows = (stateDir: string): boolean => {
  const files = openFiles(stateDir)
  const isDue = Object.entries({ orders: files.orders, payments: files.payments, holds: files.stock }).some(
    ([table, each]) =>
      each.some(
        (file) =>
          has(file, table) && file.sql(`SELECT 1 FROM ${table} WHERE due_at IS NOT NULL LIMIT 1`).length > 0,
      ),
  )
  closeFiles(files)
  return isDue
}

/** A digest of all that the bank has done for these orders. */
const bankBooks = (stateDir: string, orderIds: readonly string[]): string => {
  const files = openFiles(stateDir)
  const hash = createHash('sha256')
  const wanted = new Set(orderIds)
  for (const { sql } of files.bank.filter((file) => has(file, 'operations'))) {
    const rows = sql<{ order_id: string }>('SELECT * FROM operations ORDER BY order_id, idempotency_key')
    for (const row of rows) if (wanted.has(row.order_id)) hash.update(JSON.stringify(row))
  }
  closeFiles(files)
  return hash.digest('hex')
}

const readAll = async (call: Call, orderIds: readonly string[]): Promise<unknown[]> => {
  const views: unknown[] = []
  for (const orderId of orderIds) views.push(await expectStatus(200, call('GET', `/orders/${orderId}`)))
  return views
}

const levelOf = async (call: Call): Promise<number> =>
  Number((await expectStatus(200, call('GET', `/inventory/${PRODUCT}`)))['onHand'])

type AuditPage = {
  laws: { name: string; drift: number; broken: unknown[] }[]
  checked: { orders: number; payments: number; unread: number }
  nextCursor?: string
}

const audit = async (call: Call, when: string): Promise<void> => {
  const startedAt = Date.now()
  const sum = { orders: 0, payments: 0, unread: 0 }
  let cursor = ''
  do {
    const page = (await expectStatus(200, call('GET', `/audit${cursor}`))) as AuditPage
    const broken = page.laws.filter(({ drift }) => drift !== 0)
    if (broken.length > 0) throw new Error(`The books do not add up ${when}: ${JSON.stringify(broken)}`)
    for (const name of ['orders', 'payments', 'unread'] as const) sum[name] += page.checked[name]
    cursor = page.nextCursor === undefined ? '' : `?cursor=${encodeURIComponent(page.nextCursor)}`
  } while (cursor !== '')
  if (sum.unread > 0) throw new Error(`The bank did not tell of ${sum.unread} payments.`)
  console.log(
    `  the books add up ${when}: ${sum.orders} orders, ${sum.payments} payments beside the bank, ${secondsSince(startedAt)} s`,
  )
}

/** `GET /readyz` makes each partition look for orders that may leave, as the cron trigger does every ten minutes. */
const waitUntilLeft = async ({ call, stateDir }: Wave): Promise<void> => {
  const startedAt = Date.now()
  const left = () => ({
    ...oldRowsOf(stateDir, startedAt - RECENT_MS),
    'portions under way': openPortionsOf(stateDir),
  })
  for (let shownAt = startedAt; Date.now() - startedAt < LEFT_WITHIN_MS; await sleep(POLL_MS)) {
    await call('GET', '/readyz')
    const rows = left()
    if (Object.values(rows).every((number) => number === 0)) {
      console.log(`  left in ${secondsSince(startedAt)} s`)
      return
    }
    if (Date.now() - shownAt < PROGRESS_MS) continue
    shownAt = Date.now()
    console.log(`  after ${secondsSince(startedAt)} s: ${JSON.stringify(rows)}`)
  }
  throw new Error(`Not all orders have left: ${JSON.stringify(left())}`)
}

/** Nothing of a wave is left beside what came before it and the orders that were placed meanwhile. */
const expectRows = (rows: Rows, before: Rows, markers: number): void => {
  for (const name of ['orders', 'payments', 'reservations'] as const)
    if (rows[name] !== before[name] + markers)
      throw new Error(
        `${rows[name]} ${name} are stored, and ${before[name]} were before, with ${markers} new ones.`,
      )
}

const MEGABYTE = 1_000_000

const printSizes = (sizes: readonly Sizes[]): void => {
  console.log('| file (pages in use) | empty | first wave | after it left | second wave | after it left |')
  console.log('|---|---|---|---|---|---|')
  for (const name of Object.keys(sizes[0] ?? {})) {
    const cells = sizes.map((each) => textOf(each[name]))
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
}

const textOf = ({ file, used }: Size = { file: 0, used: 0 }): string =>
  `${(file / MEGABYTE).toFixed(1)} MB (${(used / MEGABYTE).toFixed(1)})`

/** The bank forgets nothing, and the archive is where the orders went. */
const GROWING = ['simulated bank', 'archive']

const refuseGrowth = ([, , left = {}, , leftAgain = {}]: readonly Sizes[]): void => {
  for (const [name, { file }] of Object.entries(leftAgain)) {
    const before = left[name]?.file ?? 0
    if (!GROWING.includes(name) && file > before * GROWTH_MAX)
      throw new Error(`The files of the ${name} grew from ${before} to ${file} bytes with the second wave.`)
  }
}
