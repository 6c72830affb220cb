import { PRICES_READ_ON } from '../cost/prices.ts'
import { type Figures, markdownTable } from '../figures-in-page.ts'
import { ASSUMPTIONS } from './assumptions.ts'
import { LIMITS, LIMITS_READ_ON } from './limits.ts'
import { monthOf } from './monthly.ts'
import { type Plan, SMALLEST } from './plan.ts'
import { busiestOf, type CapacityByCount, run, SCENARIOS } from './scenarios.ts'

export type Capacities = { byPartitions: readonly CapacityByCount[]; byStock: readonly CapacityByCount[] }

/** Everything that docs/scaling.md quotes, by the names of its parts. */
export const scalingFigures = ({ byPartitions, byStock }: Capacities): Figures => ({
  limits: limitsTable(),
  assumptions: assumptionsTable(),
  ...scenarioTables(),
  partitions: capacityTable('order partitions', byPartitions),
  stock: capacityTable('stock partitions with a part of the product', byStock),
  linger: lingerTable(),
  distance: distanceTable(),
})

const limitsTable = (): string =>
  markdownTable(
    [`limit, read on ${LIMITS_READ_ON}`, '', 'source'],
    Object.values(LIMITS).map(({ what, value, unit, source }) => [what, `${whole(value)} ${unit}`, source]),
  )

const assumptionsTable = (): string =>
  markdownTable(
    ['assumed', '', 'for'],
    Object.values(ASSUMPTIONS).map(({ value, unit, why }, index) => [
      `\`${Object.keys(ASSUMPTIONS)[index]}\``,
      `${value} ${unit}`,
      why,
    ]),
  )

const scenarioTables = (): { scenarios: string; months: string } => {
  const runs = SCENARIOS.map(({ name, plan }) => {
    const simulated = run(plan)
    return { name, plan, simulated, month: monthOf(plan, simulated) }
  })
  return {
    scenarios: markdownTable(
      ['orders/s', ...runs.map(({ name }) => name)],
      [
        ['cells', ...runs.map(({ plan }) => plan.cells)],
        ['order partitions of a cell', ...runs.map(({ plan }) => plan.orderPartitions)],
        ['stock partitions of a cell', ...runs.map(({ plan }) => plan.stockPartitions)],
        ['queues of a cell (three inboxes)', ...runs.map(({ plan }) => 3 * plan.queuesPerInbox)],
        ['list databases of a cell (three lists)', ...runs.map(({ plan }) => 3 * plan.databasesPerList)],
        ['busiest', ...runs.map(({ simulated }) => busiestText(simulated))],
        [
          'settled in a second, all cells',
          ...runs.map(({ plan, simulated }) => whole(simulated.settledPerSecond * plan.cells)),
        ],
        ['accepted after, p50', ...runs.map(({ simulated }) => `${whole(simulated.acceptP50Ms)} ms`)],
        [
          'settled after, p50 / p99',
          ...runs.map(
            ({ simulated }) => `${whole(simulated.settleP50Ms)} / ${whole(simulated.settleP99Ms)} ms`,
          ),
        ],
        [
          'calls of one batch at the same time, at most',
          ...runs.map(({ simulated }) => simulated.callsOfBatchMax),
        ],
      ],
    ),
    months: markdownTable(
      ['orders/s', ...runs.map(({ name }) => name)],
      [
        ['orders a month', ...runs.map(({ month }) => `${whole(month.orders / 1e6)} million`)],
        ['rows written by an order', ...runs.map(({ month }) => month.rowsWrittenPerOrder.toFixed(1))],
        ['queue operations', ...runs.map(({ simulated }) => simulated.perOrder.queueOperations.toFixed(1))],
        ['calls of objects', ...runs.map(({ simulated }) => simulated.perOrder.objectCalls.toFixed(1))],
        ['dollars per million orders', ...runs.map(({ month }) => whole(month.dollarsPerMillion))],
        [`dollars a month, prices of ${PRICES_READ_ON}`, ...runs.map(({ month }) => whole(month.dollars))],
        ['storage for one month’s orders', ...runs.map(({ month }) => `${whole(month.storageGigabytes)} GB`)],
        ['its dollars in each month', ...runs.map(({ month }) => whole(month.storageDollars))],
        ['an order partition is full after', ...runs.map(({ month }) => timeText(month.daysUntilFull))],
      ],
    ),
  }
}

const capacityTable = (what: string, capacities: readonly CapacityByCount[]): string =>
  markdownTable(
    [what, 'orders/s', 'busiest'],
    capacities.map(({ count, ordersPerSecond, busiest }) => [count, whole(ordersPerSecond), busiest]),
  )

const LINGERS_MS = [0, 20, 50, 200]

const lingerTable = (): string =>
  markdownTable(
    ['linger', ...LINGERS_MS.map((lingerMs) => `${lingerMs} ms`)],
    [10, 100, 1_000].flatMap((ordersPerSecond) => {
      const runs = LINGERS_MS.map((lingerMs) => run({ ...SMALLEST, ...sizeFor(ordersPerSecond), lingerMs }))
      return [
        [
          `${whole(ordersPerSecond)} orders/s: queue operations of an order`,
          ...runs.map(({ perOrder }) => perOrder.queueOperations.toFixed(1)),
        ],
        [
          `${whole(ordersPerSecond)} orders/s: settled after, p50`,
          ...runs.map(({ settleP50Ms }) => `${whole(settleP50Ms)} ms`),
        ],
      ]
    }),
  )

const sizeFor = (ordersPerSecond: number): Partial<Plan> => ({
  ordersPerSecond,
  orderPartitions: ordersPerSecond > 500 ? 4 : 1,
})

const ROUND_TRIPS_MS = [5, 80, 250]

const distanceTable = (): string => {
  const runs = ROUND_TRIPS_MS.map((roundTripMs) => run({ ...SMALLEST, ordersPerSecond: 100, roundTripMs }))
  return markdownTable(
    ['round trip from the Workers to the objects', ...ROUND_TRIPS_MS.map((ms) => `${ms} ms`)],
    [
      ['accepted after, p50', ...runs.map(({ acceptP50Ms }) => `${whole(acceptP50Ms)} ms`)],
      ['settled after, p50', ...runs.map(({ settleP50Ms }) => `${whole(settleP50Ms)} ms`)],
      ['calls of objects for an order', ...runs.map(({ perOrder }) => perOrder.objectCalls.toFixed(1))],
    ],
  )
}

const busiestText = (simulated: Parameters<typeof busiestOf>[0]): string => {
  const { kind, share } = busiestOf(simulated)
  return `${kind}, ${Math.round(share * 100)} %`
}

const timeText = (days: number): string =>
  days < 1 ? `${(days * 24).toFixed(1)} hours` : `${days.toFixed(1)} days`

/** With a thin gap after each three digits, as the other pages write numbers. */
const whole = (value: number): string =>
  Math.round(value)
    .toString()
    .replaceAll(/\B(?=(?:\d{3})+$)/g, ' ')
