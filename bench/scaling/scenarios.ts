import { type Plan, SMALLEST } from './plan.ts'
import { type Kind, type Simulated, simulate } from './simulate.ts'

/** A deployment for a rate: so many cells, each after this plan. */
export type Scenario = { name: string; plan: Plan }

/** The busiest object is left a quarter of its time or more. */
export const SCENARIOS: readonly Scenario[] = [
  { name: '10', plan: SMALLEST },
  { name: '1 000', plan: { ...SMALLEST, ordersPerSecond: 1_000, orderPartitions: 4, stockPartitions: 2 } },
  {
    name: '100 000',
    plan: { ...SMALLEST, ordersPerSecond: 12_500, cells: 8, orderPartitions: 32, stockPartitions: 12 },
  },
]

/** Long enough for some hundred orders, short enough for a test. */
const ORDERS_OF_A_RUN = 5_000
const SECONDS_MIN = 3
const SECONDS_MAX = 100

export const run = (plan: Plan): Simulated => {
  const seconds = Math.min(SECONDS_MAX, Math.max(SECONDS_MIN, ORDERS_OF_A_RUN / plan.ordersPerSecond))
  return simulate(plan, seconds)
}

export const busiestOf = ({ busyShare }: Simulated): { kind: Kind; share: number } =>
  (Object.entries(busyShare) as [Kind, number][])
    .map(([kind, share]) => ({ kind, share }))
    .reduce((busiest, each) => (each.share > busiest.share ? each : busiest))

/** What a plan bears, in orders a second, and what is busiest there. */
export type Capacity = { ordersPerSecond: number; busiest: Kind }

const SEARCH_STEPS = 5
/** In orders a second of one order partition: the answer lies below it. */
const SEARCH_TO = 1_200
/** A rate counts as borne where nothing is busier than this: beyond it, waiting grows without bound. */
const BUSY_SHARE_MAX = 0.9
const SEARCH_SECONDS = 2

/** The highest rate, to a thirty-second part of the range, that keeps everything under `BUSY_SHARE_MAX`. */
const capacityOf = (plan: Plan): Capacity => {
  let [low, high] = [0, SEARCH_TO * plan.orderPartitions]
  let busiest: Kind = 'order partition'
  for (let step = 0; step < SEARCH_STEPS; step += 1) {
    const ordersPerSecond = (low + high) / 2
    const found = busiestOf(simulate({ ...plan, ordersPerSecond }, SEARCH_SECONDS))
    if (found.share < BUSY_SHARE_MAX) {
      low = ordersPerSecond
    } else {
      high = ordersPerSecond
      busiest = found.kind
    }
  }
  return { ordersPerSecond: low, busiest }
}

const PARTITION_COUNTS = [1, 2, 4, 8]
const PRODUCT_PARTITIONS = [1, 2, 4]

/** What a deployment bears, by a number of something in it. */
export type CapacityByCount = Capacity & { count: number }

/** Stock, queues and databases have room. */
export const capacitiesByPartitions = (): CapacityByCount[] =>
  PARTITION_COUNTS.map((count) => ({
    count,
    ...capacityOf({ ...ROOMY, orderPartitions: count, stockPartitions: 8 }),
  }))

/** All orders are for one product with its stock in so many partitions, or for so many products in one each. */
export const capacitiesByStock = (): CapacityByCount[] =>
  PRODUCT_PARTITIONS.map((count) => ({
    count,
    ...capacityOf({ ...ROOMY, orderPartitions: 8, stockPartitions: 4, hotShare: 1, hotLeases: count }),
  }))

const ROOMY: Plan = { ...SMALLEST, queuesPerInbox: 2, databasesPerList: 2 }
