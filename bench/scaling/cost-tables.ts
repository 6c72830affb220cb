import {
  dollarsPerMillion,
  METERS,
  type Meter,
  PLAN_DOLLARS_MONTHLY,
  PRICES,
  PRICES_READ_ON,
  sumOf,
} from '../cost/prices.ts'
import { SAMPLING } from '../cost/usage.ts'
import { type Figures, markdownTable } from '../figures-in-page.ts'
import { assumed } from './assumptions.ts'
import { LIMITS } from './limits.ts'
import { monthOf, usagePerOrder } from './monthly.ts'
import { type Plan, SMALLEST } from './plan.ts'
import { run } from './scenarios.ts'

const PLANS: readonly Plan[] = [
  { ...SMALLEST, ordersPerSecond: 1 },
  SMALLEST,
  { ...SMALLEST, ordersPerSecond: 100 },
  { ...SMALLEST, ordersPerSecond: 1_000, orderPartitions: 4, stockPartitions: 2 },
]

const NAMES: Record<Meter, string> = {
  workerRequests: 'requests and batches of the Workers',
  workerCpuMs: 'processor time of the Workers, ms',
  objectRequests: 'calls and alarms of Durable Objects',
  objectActiveMs: 'time that Durable Objects are active, ms',
  objectRowsRead: 'rows read in Durable Objects',
  objectRowsWritten: 'rows written in Durable Objects',
  databaseRowsRead: 'rows read in D1',
  databaseRowsWritten: 'rows written in D1',
  queueOperations: 'queue operations',
  logKilobytes: 'logs and spans, KB',
}

/** What docs/cost.md quotes, by the names of its parts. */
export const costFigures = (): Figures => {
  const usages = PLANS.map((plan) => usagePerOrder(plan, run(plan)))
  const [alone] = usages
  const head = [
    'for each order: dollars per million',
    ...PLANS.map(
      ({ ordersPerSecond }) => `${ordersPerSecond.toLocaleString('en').replace(',', ' ')} orders/s`,
    ),
  ]
  const dollars = METERS.map((meter) => [
    NAMES[meter],
    ...usages.map((usage) => `${usage[meter].toFixed(1)}: ${dollarsPerMillion(usage)[meter].toFixed(2)}`),
  ])
  const sums = usages.map((usage) => `**${sumOf(dollarsPerMillion(usage)).toFixed(0)}**`)
  const included = METERS.map((meter) => {
    const { perMillion, includedMonthly, source } = PRICES[meter]
    const orders = Math.floor(includedMonthly / (alone?.[meter] ?? 1) / 1_000) * 1_000
    return [
      NAMES[meter],
      `${Number(perMillion.toFixed(4))}`,
      orders.toLocaleString('en').replaceAll(',', ' '),
      source,
    ]
  })
  return {
    dollars: markdownTable(head, [...dollars, ['**sum**', ...sums]]),
    included: markdownTable(
      [
        `meter, prices of ${PRICES_READ_ON}`,
        'dollars per million',
        'orders a month that the plan includes',
        'source',
      ],
      included,
    ),
    sampling: `\`wrangler.toml\` keeps ${SAMPLING.logs * 100} % of the logs and ${SAMPLING.spans * 100} % of the spans.`,
  }
}

const SHOPS = [
  { name: 'a small shop', orders: 10_000, ordersPerSecond: 1 },
  { name: 'a shop with a million orders', orders: 1_000_000, ordersPerSecond: 1 },
  { name: 'ten orders a second, day and night', orders: 25_920_000, ordersPerSecond: 10 },
] as const

/** What docs/production.md quotes: a month's bill at three sizes. */
export const productionFigures = (): Figures => {
  const months = SHOPS.map(({ orders, ordersPerSecond }) => {
    const plan = { ...SMALLEST, ordersPerSecond }
    return monthOf(plan, run(plan), orders)
  })
  const dollarsOf = (meter: Meter) => months.map(({ dollarsOfMeters }) => dollarsOfMeters[meter])
  const billed = METERS.filter((meter) => dollarsOf(meter).some((dollars) => dollars >= 0.5))
  return {
    months: markdownTable(
      [`dollars a month, prices of ${PRICES_READ_ON}`, ...SHOPS.map(({ name }) => name)],
      [
        ['orders a month', ...SHOPS.map(({ orders }) => orders.toLocaleString('en').replaceAll(',', ' '))],
        ...billed.map((meter) => [NAMES[meter], ...dollarsOf(meter).map((dollars) => dollars.toFixed(0))]),
        ['the plan', ...months.map(() => `${PLAN_DOLLARS_MONTHLY}`)],
        ['**sum**', ...months.map(({ dollars }) => `**${dollars.toFixed(0)}**`)],
        [
          'storage of one month’s orders, in each month that follows',
          ...months.map(({ storageDollars }) => storageDollars.toFixed(2)),
        ],
        ['an order partition is full after', ...SHOPS.map(({ orders }) => timeUntilFull(orders))],
      ],
    ),
  }
}

/** With one order partition. */
const timeUntilFull = (ordersMonthly: number): string => {
  const months = (LIMITS.objectStorage.value * 1e9) / (ordersMonthly * assumed('orderBytes'))
  return months < 1 ? `${(months * 30).toFixed(1)} days` : `${months.toFixed(0)} months`
}
