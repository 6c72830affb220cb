import { objectionTo, type SettingCheck } from '../../src/cloudflare/witness.ts'
import { ulid } from '../../src/kernel/ids.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import {
  currentCount,
  labelOfOrder,
  newOrderId,
  type PartitionCounts,
  partitionCountsText,
  partitionIndex,
  partitionLabel,
  partitionLabels,
} from '../../src/kernel/partitions.ts'
import { orderPartitionsSetting } from '../../src/messaging/order-partitions.ts'
import type { OrderObject } from './order-object.ts'

/** It is there under every list of counts, so it is the one that knows which lists there were. */
export const FIRST_PARTITION = `orders-${partitionLabel(0)}`

/** The order partitions, as the Worker in front of them sees them. */
export const createOrders = (
  namespace: DurableObjectNamespace<OrderObject>,
  partitions: PartitionCounts,
) => ({
  /** Throws where orders were placed by a list that forbids this one. */
  check: (checkSetting: SettingCheck) => checkSetting(namespace, FIRST_PARTITION, settingOf(partitions)),

  objection: () => objectionTo(namespace.getByName(FIRST_PARTITION), settingOf(partitions)),

  labels: partitionLabels(partitions),

  labelOf: (orderId: string) => labelOfOrder(orderId, partitions),

  partition: (label: string) => namespace.getByName(`orders-${label}`),

  /** Every partition there is, to be roused. */
  sleepers: () =>
    partitionLabels(partitions).map((label) => {
      const name = `orders-${label}`
      return { name, rouse: async () => await namespace.getByName(name).rouse() }
    }),

  /** The partition of an existing order; none for an id that no order can have, which wakes nothing. */
  partitionOf: (orderId: string) => {
    const label = labelOfOrder(orderId, partitions)
    return label === undefined ? undefined : namespace.getByName(`orders-${label}`)
  },

  /** Where an idempotency key led before the partitions have grown, if that is elsewhere. */
  earlierLabels: (idempotencyKey: string, label: string): string[] => {
    const labels = partitions.map((count) => partitionLabel(partitionIndex(idempotencyKey, count)))
    return [...new Set(labels)].filter((earlier) => earlier !== label)
  },

  /** The same idempotency key always leads to the same partition. */
  labelOfKey: (idempotencyKey: string) => labelOfKey(idempotencyKey, partitions),

  /** An id for a new order, in the partition of its idempotency key if it has one. */
  assign: (idempotencyKey: string | undefined, now: Instant) => {
    const id = ulid(now, (count) => crypto.getRandomValues(new Uint8Array(count)))
    const label = labelOfKey(idempotencyKey ?? id, partitions)
    return { label, orderId: newOrderId(label, id) }
  },
})

const settingOf = (partitions: PartitionCounts) => orderPartitionsSetting(partitionCountsText(partitions))

const labelOfKey = (key: string, partitions: PartitionCounts): string =>
  partitionLabel(partitionIndex(key, currentCount(partitions)))

export type Orders = ReturnType<typeof createOrders>
