import { afterAll, beforeAll, expect, it } from 'vitest'
import { BUDGET_OF_A_HUNDRED, BUDGET_OF_ONE } from '../../bench/cost/budget.ts'
import { COUNTED_PRODUCTS, countOrders } from '../../bench/cost/count-orders.ts'
import { ROWS_OF_ONE_ORDER } from '../../bench/cost/rows.ts'
import { isOurs } from '../../bench/cost/usage.ts'
import { type CountedSystem, startCountedSystem } from '../../bench/counting/counted-system.ts'
import { type Count, total } from '../../bench/counting/counts.ts'
import { BENCH_KEY } from '../../bench/variants/bench-key.ts'
import { ours } from '../../bench/variants/ours.ts'

/*
 * Where this fails, an order costs another number of rows, calls or messages than before. Is it meant? Then edit
 * bench/cost/rows.ts and bench/cost/budget.ts, and run `npm run bench -- --scaling --write`, which brings docs/storage.md
 * and docs/scaling.md up to date.
 */

/** On a machine that is busy an order takes seconds, is listed twice and redelivered. A calm moment comes. */
const ATTEMPTS_MAX = 5
const TEST_TIMEOUT_MS = 240_000
const IDLE_ROUNDS = 3
/** What Prometheus and the overview of the console read. */
const WATCHED_PATHS = [
  ...['/metrics', '/metrics/history', '/metrics/day'],
  ...['/readyz', '/pauses', '/orders', '/dead-letters'],
]
/** Whether the system is ready is not the question here. */
const READINESS_STATUSES = [200, 503]

let system: CountedSystem

beforeAll(async () => {
  system = await startCountedSystem(ours, COUNTED_PRODUCTS.slice(0, 1))
  // Partitions and isolates come to exist, and labels get their first watermark.
  await countOrders(system, { total: 10, pauseMs: 0 })
}, TEST_TIMEOUT_MS)

afterAll(async () => await system?.stop())

/** Counts until nothing exceeds a budget, or to the last attempt. */
const counted = async (orders: number, isWithin: (counts: readonly Count[]) => boolean): Promise<Count[]> => {
  let counts: Count[] = []
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    counts = (await countOrders(system, { total: orders, pauseMs: 0 })).counts.filter(isOurs)
    if (isWithin(counts)) break
  }
  return counts
}

const rowsIn = (counts: readonly Count[]): Record<string, number> => {
  const rows: Record<string, number> = {}
  for (const { where, table, reason, sum } of counts.filter(({ counted }) => counted === 'rowsWritten')) {
    const key = table === 'alarm' ? `${where}: alarm` : `${where}: ${table}, ${reason}`
    rows[key] = (rows[key] ?? 0) + sum
  }
  return rows
}

const BUDGETED_ROWS: Record<string, number> = Object.fromEntries(
  ROWS_OF_ONE_ORDER.map(({ where, table, call, rows }) => [
    table === 'alarm' ? `${where}: alarm` : `${where}: ${table}, ${call}`,
    rows,
  ]),
)

const usedBy = (counts: readonly Count[]) => ({
  objectRequests: total(counts, 'objectRequests'),
  messages: total(counts, 'messages'),
  queueOperations: total(counts, 'queueOperations'),
  databaseCalls: total(counts, 'databaseCalls'),
  alarms: total(counts, 'objectRequests', ({ reason }) => reason === 'alarm'),
})

const overspent = <Used extends Record<string, number>>(used: Used, budget: Used): Partial<Used> =>
  Object.fromEntries(Object.entries(used).filter(([name, sum]) => sum > (budget[name] ?? 0))) as Partial<Used>

it(
  'one order alone writes the rows of its budget and no others, and needs no more calls and messages',
  async () => {
    const isAsBudgeted = (counts: readonly Count[]) =>
      JSON.stringify(sorted(rowsIn(counts))) === JSON.stringify(sorted(BUDGETED_ROWS)) &&
      Object.keys(overspent(usedBy(counts), BUDGET_OF_ONE)).length === 0
    const counts = await counted(1, isAsBudgeted)
    expect(rowsIn(counts)).toEqual(BUDGETED_ROWS)
    expect(overspent(usedBy(counts), BUDGET_OF_ONE)).toEqual({})
  },
  TEST_TIMEOUT_MS,
)

/** Each of the commits of a row, three of the order's and two of the product's, writes the index by which a feed finds it. */
const FED_ROWS: Record<string, number> = {
  ...BUDGETED_ROWS,
  'OrderObject: orders, placeAll': 2,
  'OrderObject: orders, answer': 4,
  'StockObject: products, apply': 4,
}

const sorted = (rows: Record<string, number>) => Object.entries(rows).sort()

it(
  'a hundred orders at the same time stay within their budget',
  async () => {
    const overspentBy = (counts: readonly Count[]) =>
      overspent({ rowsWritten: total(counts, 'rowsWritten'), ...usedBy(counts) }, BUDGET_OF_A_HUNDRED)
    const counts = await counted(100, (each) => Object.keys(overspentBy(each)).length === 0)
    expect(overspentBy(counts)).toEqual({})
  },
  TEST_TIMEOUT_MS,
)

/** All triggers run, and Prometheus and an operator look. */
const lookOnce = async (): Promise<void> => {
  for (const { name } of ours.workers()) {
    const worker = await system.miniflare.getWorker(name)
    await worker.scheduled({ cron: '*/10 * * * *' })
  }
  for (const path of WATCHED_PATHS) {
    const headers = { authorization: `Bearer ${BENCH_KEY}` }
    const response = await system.miniflare.dispatchFetch(`http://bench${path}`, { headers })
    expect(path === '/readyz' ? READINESS_STATUSES : [200], path).toContain(response.status)
    await response.text()
  }
}

it(
  'without orders nothing is written and no message is sent, however often triggers run and operators look',
  async () => {
    // Partitions that never had an order come to exist when they are first asked.
    await system.countsOf(lookOnce)
    const counts = await system.countsOf(async () => {
      for (let round = 0; round < IDLE_ROUNDS; round += 1) await lookOnce()
    })
    expect(total(counts, 'workerRequests')).toBeGreaterThan(IDLE_ROUNDS * WATCHED_PATHS.length)
    expect([rowsIn(counts), total(counts, 'messages')]).toEqual([{}, 0])
  },
  TEST_TIMEOUT_MS,
)

it(
  'with the feeds on, each write of a row of an order or a product writes one more, and nothing else; off, they cost nothing again',
  async () => {
    for (const path of ['/feed/orders', '/feed/products']) await system.client.call('GET', path)
    const isWithin = (budget: Record<string, number>) => (counts: readonly Count[]) =>
      JSON.stringify(sorted(rowsIn(counts))) === JSON.stringify(sorted(budget))
    expect(rowsIn(await counted(1, isWithin(FED_ROWS)))).toEqual(FED_ROWS)
    for (const path of ['/feed', '/feed/products']) await system.client.call('DELETE', path)
    expect(rowsIn(await counted(1, isWithin(BUDGETED_ROWS)))).toEqual(BUDGETED_ROWS)
  },
  TEST_TIMEOUT_MS,
)
