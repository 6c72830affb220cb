import {
  dollarsMonthly,
  dollarsPerMillion,
  METERS,
  PLAN_DOLLARS_MONTHLY,
  STORAGE_DOLLARS_PER_GB_MONTH,
  sumOf,
  type Usage,
} from '../cost/prices.ts'
import { isInDatabase, isShared, ROWS_OF_ONE_ORDER, sumOfRows } from '../cost/rows.ts'
import { SAMPLING } from '../cost/usage.ts'
import { assumed } from './assumptions.ts'
import { LIMITS } from './limits.ts'
import type { Plan } from './plan.ts'
import type { Simulated } from './simulate.ts'

const SECONDS_OF_A_MONTH = 30 * 24 * 3_600
const SECONDS_OF_A_DAY = 24 * 3_600
const BYTES_OF_A_GB = 1e9
/** Objects stay awake while anything is under way: a call, a send, a write to a list. */
const ACTIVE_MS_OF_A_CALL = 30
/** Rows are read by key. */
const ROWS_READ_FOR_EACH_WRITTEN = 2

export type Month = {
  orders: number
  rowsWrittenPerOrder: number
  dollarsPerMillion: number
  dollars: number
  /** The same by meter, without the fixed price of the plan. */
  dollarsOfMeters: Usage
  /** What the orders of one month take, and what that costs in each month in which they are kept. */
  storageGigabytes: number
  storageDollars: number
  /** Until an order partition has no more room, in days. */
  daysUntilFull: number
}

/** A month of so many orders at the rate of a plan. Without a number, of all that its cells take at that rate. */
export const monthOf = (
  plan: Plan,
  simulated: Simulated,
  orders = plan.ordersPerSecond * plan.cells * SECONDS_OF_A_MONTH,
): Month => {
  const perOrder = usagePerOrder(plan, simulated)
  const usage = Object.fromEntries(METERS.map((meter) => [meter, perOrder[meter] * orders])) as Usage
  const dollarsOfMeters = dollarsMonthly(usage)
  const objectBytes = assumed('orderBytes') + assumed('paymentBytes') + assumed('stockBytes')
  const objectGigabytes = (objectBytes * orders) / BYTES_OF_A_GB
  const listGigabytes = (assumed('listBytes') * orders) / BYTES_OF_A_GB
  const bytesPerDay = (plan.ordersPerSecond / plan.orderPartitions) * assumed('orderBytes') * SECONDS_OF_A_DAY
  return {
    orders,
    rowsWrittenPerOrder: perOrder.objectRowsWritten + perOrder.databaseRowsWritten,
    dollarsPerMillion: sumOf(dollarsPerMillion(perOrder)),
    dollars: PLAN_DOLLARS_MONTHLY + sumOf(dollarsOfMeters),
    dollarsOfMeters,
    storageGigabytes: objectGigabytes + listGigabytes,
    storageDollars:
      objectGigabytes * STORAGE_DOLLARS_PER_GB_MONTH.objects +
      listGigabytes * STORAGE_DOLLARS_PER_GB_MONTH.databases,
    daysUntilFull: (LIMITS.objectStorage.value * BYTES_OF_A_GB) / bytesPerDay,
  }
}

/** With the shares of logs and spans that `wrangler.toml` keeps. */
const logKilobytesOf = (objectCalls: number, invocations: number): number => {
  const spans = assumed('spansOfAnOrder') + objectCalls * assumed('spansOfACall')
  const entries = objectCalls + invocations
  const bytes = SAMPLING.spans * spans * assumed('spanBytes') + SAMPLING.logs * entries * assumed('logBytes')
  return bytes / 1_000
}

export const usagePerOrder = (plan: Plan, { perOrder }: Simulated): Usage => {
  const partitions = 2 * plan.orderPartitions + plan.stockPartitions
  /** Partitions that have work in a second, for each order. */
  const partitionSeconds = Math.min(partitions / plan.ordersPerSecond, 3)
  const inObjects = ROWS_OF_ONE_ORDER.filter((rows) => !isInDatabase(rows))
  /** Of the shared rows of one order, each of its three partitions writes a third, once a second. */
  const sharedRows = (partitionSeconds * sumOfRows(inObjects.filter(isShared))) / 3
  const objectRowsWritten = sumOfRows(inObjects.filter((rows) => !isShared(rows))) + sharedRows
  const databaseRowsWritten = sumOfRows(ROWS_OF_ONE_ORDER.filter(isInDatabase))
  return {
    workerRequests: 1 + perOrder.invocations,
    workerCpuMs: assumed('cpuMs'),
    objectRequests: perOrder.objectCalls + partitionSeconds,
    objectActiveMs: Math.min(partitionSeconds * 1_000, perOrder.objectCalls * ACTIVE_MS_OF_A_CALL),
    objectRowsRead: objectRowsWritten * ROWS_READ_FOR_EACH_WRITTEN,
    objectRowsWritten,
    databaseRowsRead: databaseRowsWritten * ROWS_READ_FOR_EACH_WRITTEN,
    databaseRowsWritten,
    queueOperations: perOrder.queueOperations,
    logKilobytes: logKilobytesOf(perOrder.objectCalls + partitionSeconds, perOrder.invocations),
  }
}
