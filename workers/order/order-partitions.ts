import { newUlid } from '../../src/cloudflare/new-ulid.ts'
import { sha256Bytes } from '../../src/cloudflare/sha256.ts'
import { objectionTo, type SettingCheck } from '../../src/cloudflare/witness.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import {
  currentCount,
  isExternalOrderId,
  labelOfOrder,
  newOrderId,
  type PartitionCounts,
  partitionCountsText,
  partitionIndex,
  partitionLabel,
  partitionLabels,
} from '../../src/kernel/partitions.ts'
import { orderPartitionsSetting } from '../../src/messaging/order-partitions.ts'
import { type Digest, type ExternalId, uniqueOrderId } from '../../src/order/external-id.ts'
import type { NamedOrder } from '../../src/order/partition/order-names.ts'
import type { OrderObject } from './order-object.ts'
import { FIRST_PARTITION } from './partitions-setting.ts'

/** The order partitions, as the Worker in front of them sees them. */
export const createOrders = (
  namespace: DurableObjectNamespace<OrderObject>,
  partitions: PartitionCounts,
  digest: Digest = sha256Bytes,
) => {
  const partition = (label: string) => namespace.getByName(`orders-${label}`)
  const uniqueId = (name: ExternalId) =>
    uniqueOrderId(name, labelOfExternal(name.externalId, partitions), digest)
  return {
    /** Throws where orders were placed by a list that forbids this one. */
    check: (checkSetting: SettingCheck) => checkSetting(namespace, FIRST_PARTITION, settingOf(partitions)),

    objection: () => objectionTo(namespace.getByName(FIRST_PARTITION), settingOf(partitions)),

    labels: partitionLabels(partitions),

    labelOf: (orderId: string) => labelOfOrder(orderId, partitions),

    partition,

    /** The unique id of an order that brings its own id. */
    uniqueId,

    /**
     * The orders that a caller may mean by an id: those of one client, or of all. A unique id stands for itself, without
     * a call; so does an id that no order has.
     */
    named: async (
      id: string,
      client: string | undefined,
    ): Promise<{ orderId: string; clients: string[] }> => {
      if (!isExternalOrderId(id)) return { orderId: id, clients: [] }
      const owner =
        client === undefined ? undefined : { client, orderId: await uniqueId({ client, externalId: id }) }
      const found: NamedOrder[] = await partition(labelOfExternal(id, partitions)).named({
        externalId: id,
        owner,
      })
      const orderId = found[0]?.orderId ?? owner?.orderId ?? id
      return { orderId, clients: found.map((order) => order.client) }
    },

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
      const id = newUlid(now)
      const label = labelOfKey(idempotencyKey ?? id, partitions)
      return { label, orderId: newOrderId(label, id) }
    },
  }
}

const labelOfExternal = (externalId: string, partitions: PartitionCounts): string =>
  partitionLabel(partitionIndex(externalId, partitions[0]))

const settingOf = (partitions: PartitionCounts) => orderPartitionsSetting(partitionCountsText(partitions))

const labelOfKey = (key: string, partitions: PartitionCounts): string =>
  partitionLabel(partitionIndex(key, currentCount(partitions)))

export type Orders = ReturnType<typeof createOrders>
