import type { PartitionCounts } from '../../../src/kernel/partitions.ts'
import type { Batching } from '../platform/queue-delivery.ts'
import type { Random } from '../platform/random.ts'

export type SimulatedProduct = {
  productId: string
  unitPriceMinor: number
  received: number
  launchAtMs: number
}

/** What a new system has where its operator sets no counts. */
const NEW: PartitionCounts = { externalIds: 2, orders: [1] }

/** How one world is built, before anything happens in it. */
export type Setup = {
  orderPartitions: PartitionCounts
  stockPartitions: number
  products: readonly [SimulatedProduct, ...SimulatedProduct[]]
  deadlineMs: number
  bank: 'simulated' | 'hostile' | 'stripe'
  batching: Batching
  /** How long clients send requests, and how long faults go on after that. */
  spanMs: number
  faultsMs: number
  orders: number
  /** Whether one webhook wants all events, no webhook wants any, or the order partitions do not know it yet. */
  webhooks: 'wanted' | 'none' | 'unset'
  /** How far apart the sends of a partition are at least. */
  lingerMs: number
  /** Whether orders come in rushes, and share calls of a partition as at the edge. */
  isRush: boolean
  /** How many orders fill an order partition. */
  ordersPerPartition: number
}

/** Orders are counted in these bytes, as if nothing else took room: databases are used again for other worlds. */
export const ORDER_BYTES = 1_000

export const NEVER_FULL = 1_000_000

/** Mostly short, so that many worlds can be run. Sometimes long enough for every delay of the system. */
const SPANS_MS = [500, 500, 5_000, 5_000, 20_000, 20_000, 60_000, 300_000] as const
const FAULTS_MS = [2_000, 10_000, 10_000, 30_000, 30_000, 60_000, 60_000, 300_000] as const

/** One world in twenty has ten orders. It takes as long as four others, which find more. */
const ORDERS = [1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 6, 6, 6, 10] as const

/** Small worlds: few orders compete for few products, with so little stock that many are rejected. */
export const drawSetup = (random: Random): Setup => {
  const product = (index: number): SimulatedProduct => ({
    productId: `P${index + 1}`,
    unitPriceMinor: random.between(1, 9_999),
    received: random.pick([1, 2, 3, 5, 8, 20]),
    /** Most are there from the start. Early requests for the others get `unknown_product`. */
    launchAtMs: index > 0 && random.chance() < 0.2 ? random.between(1, 20_000) : 0,
  })
  const products = Array.from({ length: random.between(1, 4) }, (_, index) => product(index + 1))
  return {
    orderPartitions: random.pick<PartitionCounts>([NEW, [2], [1, 2], [1, 3]]),
    stockPartitions: random.pick([1, 2, 2, 3]),
    products: [product(0), ...products],
    deadlineMs: 1_000 * random.pick([20, 60, 300, 900]),
    bank: random.pick(['simulated', 'hostile', 'hostile']),
    batching: { batchMax: random.pick([1, 2, 5, 20, 100]), concurrency: random.pick([1, 1, 2, 4]) },
    spanMs: random.pick(SPANS_MS),
    faultsMs: random.pick(FAULTS_MS),
    orders: random.pick(ORDERS),
    webhooks: random.pick(['none', 'none', 'wanted', 'unset']),
    lingerMs: random.pick([0, 10, 10, 300]),
    isRush: false,
    ordersPerPartition: NEVER_FULL,
  }
}

/** In one of six worlds with a hostile bank, and in no kept one, the bank is Stripe: or where the plan says so. */
export const withStripe = (setup: Setup, planned: 'stripe' | undefined, random: Random): Setup => {
  const isDrawn = setup.bank === 'hostile' && random.chance() < 1 / 6
  return isDrawn || planned === 'stripe' ? { ...setup, bank: 'stripe' } : setup
}

/** In one world of four, and in no kept one. All orders come within a few milliseconds, and there are more of them. */
export const withRush = (setup: Setup, random: Random): Setup =>
  random.chance() < 1 / 4 ? { ...setup, isRush: true, orders: Math.max(setup.orders, 4) } : setup

/** In one world of four, and in no kept one. Partitions are full after one or two orders. */
export const withLittleRoom = (setup: Setup, random: Random): Setup =>
  random.chance() < 1 / 4
    ? {
        ...setup,
        ordersPerPartition: random.between(1, 2),
        orderPartitions: random.pick([setup.orderPartitions, [3]]),
      }
    : setup
