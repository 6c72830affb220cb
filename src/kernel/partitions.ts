import { hash32 } from './hash.ts'
import { type Result, refusal, success } from './result.ts'

/** More objects than any shop can fill: one partition takes about a thousand orders a second. */
const PARTITIONS_MAX = 1_024

/** Every count of order partitions that a deployment ever ran with, oldest first. The last one places new orders. */
type Counts = readonly [first: number, ...later: number[]]

/**
 * The counts of order partitions. Orders that bring their own id are placed by one count for ever: by the first one, or by
 * a count of their own.
 */
export type PartitionCounts = Counts | { externalIds: number; orders: Counts }

const ordersOf = (counts: PartitionCounts): Counts => ('orders' in counts ? counts.orders : counts)

/** The count that places orders which bring their own id. */
export const externalCount = (counts: PartitionCounts): number =>
  'externalIds' in counts ? counts.externalIds : counts[0]

/** As `parsePartitionCounts`. An empty text leaves the counts open: `undefined`. */
export const parseOpenPartitionCounts = (text: string): Result<PartitionCounts | undefined, string> =>
  text.trim() === '' ? success(undefined) : parsePartitionCounts(text)

/**
 * `"2,4"` → `[2, 4]`, `"2:1,4"` → `{ externalIds: 2, orders: [1, 4] }`. Counts may only grow, so that every label that was
 * ever given out is still known.
 */
export const parsePartitionCounts = (text: string): Result<PartitionCounts, string> => {
  const [, external, rest] = /^([^:]*):(.*)$/.exec(text) ?? []
  if (external === undefined || rest === undefined) return parseCounts(text)
  const externalIds = countIn(external)
  if (!isCount(externalIds)) {
    return refusal(
      `"${text}" must have a count from 1 to ${PARTITIONS_MAX} before the colon, such as "2:1,4"`,
    )
  }
  const orders = parseCounts(rest)
  return orders.ok ? success({ externalIds, orders: orders.value }) : orders
}

const parseCounts = (text: string): Result<Counts, string> => {
  const counts = text.split(',').map(countIn)
  const [first, ...later] = counts
  if (first === undefined || !counts.every(isCount)) {
    return refusal(`"${text}" must be counts from 1 to ${PARTITIONS_MAX}, such as "2" or "2,4"`)
  }
  if (counts.some((count, index) => index > 0 && count <= (counts[index - 1] ?? 0))) {
    return refusal(`"${text}" must grow from left to right: a partition that holds orders cannot go away`)
  }
  return success([first, ...later])
}

/** `[2, 4]` → `"2,4"`, however it was written. */
export const partitionCountsText = (counts: PartitionCounts): string =>
  'orders' in counts ? `${counts.externalIds}:${counts.orders.join(',')}` : counts.join(',')

/** `Number` alone would also read "0x10" and "1e1", which are no counts of partitions. */
const countIn = (part: string): number => (/^[1-9]\d*$/.test(part.trim()) ? Number(part) : Number.NaN)

const isCount = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= PARTITIONS_MAX

/** The place of a key among `count` partitions. */
export const partitionIndex = (key: string, count: number): number => hash32(key) % count

/** What stands for a partition in an order id. Callers must not read it: some day it may name a region. */
export const partitionLabel = (index: number): string => index.toString(36)

/** The count that places new orders. */
export const currentCount = (counts: PartitionCounts): number => {
  const orders = ordersOf(counts)
  return orders.at(-1) ?? orders[0]
}

/** The places that an idempotency key led to under all counts so far. */
export const indexesOfKey = (key: string, counts: PartitionCounts): number[] =>
  ordersOf(counts).map((count) => partitionIndex(key, count))

/** Every label that orders can lie under. */
export const partitionLabels = (counts: PartitionCounts): string[] =>
  Array.from({ length: Math.max(currentCount(counts), externalCount(counts)) }, (_, index) =>
    partitionLabel(index),
  )

/** A unique id: what all orders have, but those that were stored under an external id by earlier versions. */
const OWN_ORDER_ID = /^(ord_([0-9a-z]{1,4})_)([0-9a-hjkmnp-tv-z]{26})$/
/** With `.` and `..`, which are refused today: an order that was taken under one of them still has its partition. */
const EXTERNAL_ORDER_ID = /^(?!ord_)[A-Za-z0-9._-]{1,64}$/

export const newOrderId = (label: string, ulid: string): string => `ord_${label}_${ulid}`

/** A unique id in its two parts: what all ids of its partition begin with, and the rest. `undefined` for any other id. */
export const partsOfOrderId = (orderId: string): { prefix: string; ulid: string } | undefined => {
  const [, prefix, , ulid] = OWN_ORDER_ID.exec(orderId) ?? []
  return prefix === undefined || ulid === undefined ? undefined : { prefix, ulid }
}

/** Whether a client may have given this id to an order. */
export const isExternalOrderId = (orderId: string): boolean => EXTERNAL_ORDER_ID.test(orderId)

/**
 * The label of the partition that holds this order, or `undefined` for an id that no order can have. All clients'
 * orders with one external id lie in one partition, and so do the orders of earlier versions under that id.
 */
export const labelOfOrder = (orderId: string, counts: PartitionCounts): string | undefined => {
  const label = OWN_ORDER_ID.exec(orderId)?.[2]
  if (label !== undefined) return partitionLabels(counts).find((known) => known === label)
  if (!isExternalOrderId(orderId)) return undefined
  return partitionLabel(partitionIndex(orderId, externalCount(counts)))
}
