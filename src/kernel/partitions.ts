import { hash32 } from './hash.ts'
import { type Result, refusal, success } from './result.ts'

/** More objects than any shop can fill: one partition takes about a thousand orders a second. */
const PARTITIONS_MAX = 1_024

/**
 * Every count of order partitions this deployment ever ran with, oldest first.
 * The last places new orders; the first places, for ever, orders that bring their own id.
 */
export type PartitionCounts = readonly [first: number, ...later: number[]]

/** `"2,4"` → `[2, 4]`. Counts may only grow, so that every label that was ever given out is still known. */
export const parsePartitionCounts = (text: string): Result<PartitionCounts, string> => {
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
export const partitionCountsText = (counts: PartitionCounts): string => counts.join(',')

/** `Number` alone would also read "0x10" and "1e1", which are no counts of partitions. */
const countIn = (part: string): number => (/^[1-9]\d*$/.test(part.trim()) ? Number(part) : Number.NaN)

const isCount = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= PARTITIONS_MAX

/** The place of a key among `count` partitions. */
export const partitionIndex = (key: string, count: number): number => hash32(key) % count

/** What stands for a partition in an order id. Callers must not read it: some day it may name a region. */
export const partitionLabel = (index: number): string => index.toString(36)

export const currentCount = (counts: PartitionCounts): number => counts.at(-1) ?? counts[0]

/** Every label that orders can lie under. */
export const partitionLabels = (counts: PartitionCounts): string[] =>
  Array.from({ length: currentCount(counts) }, (_, index) => partitionLabel(index))

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
  return partitionLabel(partitionIndex(orderId, counts[0]))
}
