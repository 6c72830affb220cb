import { dollarsPerMillion, METERS, type Meter, PRICES, PRICES_READ_ON, sumOf } from '../cost/prices.ts'
import { SAMPLING } from '../cost/usage.ts'
import { type Figures, markdownTable } from '../figures-in-page.ts'
import { usagePerOrder } from './monthly.ts'
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
