import { writeFileSync } from 'node:fs'
import { type CountedSystem, startCountedSystem } from '../counting/counted-system.ts'
import type { Count } from '../counting/counts.ts'
import { markdownTable } from '../figures-in-page.ts'
import type { Variant } from '../variants/variant.ts'
import { COUNTED_PRODUCTS, countOrders } from './count-orders.ts'
import { extrapolated } from './extrapolate.ts'
import { dollarsPerMillion, METERS, PRICES_READ_ON, sumOf, type Usage } from './prices.ts'
import { isOurs, SAMPLING, usageOf, usagePerOrder } from './usage.ts'

/** Rates that the emulator bears, in orders a second, and how many orders are counted. */
const RATES = [
  { perSecond: 1, total: 20 },
  { perSecond: 10, total: 200 },
  { perSecond: 100, total: 1_000 },
] as const
/** What the emulator does not bear on one thread, and the order partitions that it needs. */
const BEYOND = { perSecond: 1_000, partitions: 4 }
/** Each partition exists, and each isolate has read its settings. */
const WARM_UP_ORDERS = 20
const CRONS_OF_A_DAY = 24 * 6

type RateCost = {
  perSecond: number
  usage: Usage
  counts: readonly Count[]
  orders: number
  settleP50Ms: number
}

type Asked = { variants: readonly Variant[]; jsonFile: string | undefined }

/** `npm run bench -- --cost`: what Cloudflare bills for an order at several rates, and for a day without orders. */
export const printCost = async ({ variants, jsonFile }: Asked): Promise<void> => {
  const report: Record<string, unknown> = {}
  for (const variant of variants) {
    const { measured, beyond, idleDay } = await costOf(variant)
    console.log(`\n${variant.name}: ${variant.summary}\n`)
    console.log(`${costTable(measured, beyond)}\n\n${rowsTable(measured)}\n\n${idleTable(idleDay)}`)
    report[variant.name] = { rates: [...measured.map(perOrder), perOrder(beyond)], idleDay }
  }
  console.log(`\nList prices of ${PRICES_READ_ON} in US dollars, without the included units.`)
  console.log(`Kept: ${SAMPLING.logs * 100} % of the logs, ${SAMPLING.spans * 100} % of the spans.`)
  console.log("The simulated bank's own rows and calls are left out.")
  console.log('Orders that take longer than two seconds are listed twice: a machine so slow shows more rows.')
  if (jsonFile !== undefined) writeFileSync(jsonFile, `${JSON.stringify(report, null, 2)}\n`)
}

const perOrder = ({ perSecond, usage }: { perSecond: number; usage: Usage }) => ({
  perSecond,
  perOrder: usage,
  dollarsPerMillion: sumOf(dollarsPerMillion(usage)),
})

const costOf = async (variant: Variant) => {
  const system = await startCountedSystem(variant, COUNTED_PRODUCTS)
  try {
    await countOrders(system, { total: WARM_UP_ORDERS, pauseMs: 100 })
    const measured: RateCost[] = []
    for (const { perSecond, total } of RATES) {
      const { counts, settleP50Ms } = await countOrders(system, { total, pauseMs: 1_000 / perSecond })
      measured.push({ perSecond, usage: usagePerOrder(counts, total), counts, orders: total, settleP50Ms })
    }
    const beyond = { perSecond: BEYOND.perSecond, usage: extrapolated(measured, BEYOND) }
    return { measured, beyond, idleDay: await idleDayOf(system, variant) }
  } finally {
    await system.stop()
  }
}

/** What observers ask for without orders is no part of the triggers' day. */
const UNOBSERVED = { isObserved: false }

/**
 * Without orders only the cron triggers run. Each rearms the partitions of its Worker. The triggers fire once before they
 * are counted: the first time some of them make a partition begin to exist.
 */
const idleDayOf = async ({ countsOf, miniflare }: CountedSystem, variant: Variant): Promise<Usage> => {
  const fireTriggers = async () => {
    for (const { name } of variant.workers()) {
      const worker = await miniflare.getWorker(name)
      await worker.scheduled({ cron: '*/10 * * * *' })
    }
  }
  await countsOf(fireTriggers, UNOBSERVED)
  const counts = await countsOf(fireTriggers, UNOBSERVED)
  return usageOf(counts.map((count) => ({ ...count, sum: count.sum * CRONS_OF_A_DAY })))
}

const costTable = (measured: readonly RateCost[], beyond: { perSecond: number; usage: Usage }): string => {
  const usages = [...measured, beyond].map(({ usage }) => usage)
  const head = [
    'for each order, and dollars per million',
    ...measured.map(({ perSecond }) => `${perSecond}/s`),
    `${beyond.perSecond}/s (computed)`,
  ]
  const rows = METERS.map((meter) => [
    meter,
    ...usages.map((usage) => `${usage[meter].toFixed(2)}: $${dollarsPerMillion(usage)[meter].toFixed(2)}`),
  ])
  const sums = usages.map((usage) => `$${sumOf(dollarsPerMillion(usage)).toFixed(2)}`)
  const settled = measured.map(({ settleP50Ms }) => `${settleP50Ms} ms`)
  return markdownTable(head, [...rows, ['sum', ...sums], ['settled after, p50', ...settled, '']])
}

/** By table, and by the call or handler for which a row was written. */
const rowsTable = (measured: readonly RateCost[]): string => {
  const nameOf = ({ where, table, reason }: Count) => `${where}: ${table}, ${reason}`
  const written = (counts: readonly Count[]) =>
    counts.filter((count) => count.counted === 'rowsWritten' && isOurs(count))
  const names = [...new Set(measured.flatMap(({ counts }) => written(counts).map(nameOf)))].sort()
  const rowsOf = ({ counts, orders }: RateCost, name: string): string => {
    const sum = written(counts).reduce((rows, count) => (nameOf(count) === name ? rows + count.sum : rows), 0)
    return (sum / orders).toFixed(2)
  }
  return markdownTable(
    ['rows written by an order', ...measured.map(({ perSecond }) => `${perSecond}/s`)],
    names.map((name) => [name, ...measured.map((rate) => rowsOf(rate, name))]),
  )
}

const idleTable = (idleDay: Usage): string => {
  const dollars = dollarsPerMillion(idleDay)
  const row = (meter: (typeof METERS)[number]) => [
    meter,
    idleDay[meter].toFixed(0),
    `$${((dollars[meter] * 30) / 1e6).toFixed(4)}`,
  ]
  const used = METERS.filter((meter) => idleDay[meter] > 0)
  return markdownTable(['without orders', 'a day', 'a month'], used.map(row))
}
