import { newUlid } from '../../src/cloudflare/new-ulid.ts'
import { openPartitions } from '../../src/cloudflare/remembered-counts.ts'
import { sha256Bytes } from '../../src/cloudflare/sha256.ts'
import { objectionTo, type SettingCheck } from '../../src/cloudflare/witness.ts'
import { mergedPortions, type OrderBook, type Portion, portionFrom } from '../../src/contracts/books.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import {
  currentCount,
  externalCount,
  indexesOfKey,
  isExternalOrderId,
  labelOfOrder,
  newOrderId,
  type PartitionCounts,
  partitionCountsText,
  partitionIndex,
  partitionLabel,
  partitionLabels,
} from '../../src/kernel/partitions.ts'
import { type Result, refusal, success } from '../../src/kernel/result.ts'
import type { IdempotentRequest } from '../../src/messaging/idempotency.ts'
import { orderPartitionsSetting } from '../../src/messaging/order-partitions.ts'
import { type Digest, type ExternalId, uniqueOrderId } from '../../src/order/external-id.ts'
import type { FeedLagReply, FeedPlace, FeedReply, FeedRequest, FeedStart } from '../../src/order/feed.ts'
import type { FeedConsumer, LeaseRequest } from '../../src/order/feed-consumer.ts'
import type { ErasureReply, ErasureRequest } from '../../src/order/partition/customer-erasure.ts'
import type { FoundOrder } from '../../src/order/partition/external-id-lookup.ts'
import type {
  Adjustment,
  CommitRefused,
  CommitRequest,
  ConsumerLeaseRefused,
  NewConsumer,
  NotFound,
  PutRefused,
} from '../../src/order/partition/feed-consumers.ts'
import {
  lengthened,
  type PlaceReply,
  type PlaceRequest,
  type ShortPlaceReply,
} from '../../src/order/partition/placement.ts'
import type { Replay, WantedReplay } from '../../src/order/replay.ts'
import { FIRST_PARTITION } from './first-partition.ts'
import type { OrderObject } from './order-object.ts'

/** The order partitions, once their counts are known. */
export const openOrderPartitions = (
  namespace: DurableObjectNamespace<OrderObject>,
  set: PartitionCounts | undefined,
): (() => Promise<OrderPartitions>) =>
  openPartitions(
    set,
    () => namespace.getByName(FIRST_PARTITION),
    (counts) => createOrderPartitions(namespace, counts),
  )

/** The order partitions, as the Worker in front of them calls them. */
export const createOrderPartitions = (
  namespace: DurableObjectNamespace<OrderObject>,
  counts: PartitionCounts,
  digest: Digest = sha256Bytes,
) => {
  const partition = (label: string) => namespace.getByName(`orders-${label}`)
  const uniqueId = (name: ExternalId) => uniqueOrderId(name, labelOfExternal(name.externalId, counts), digest)
  return {
    counts,

    /** Throws where orders were placed under counts that forbid these. */
    check: (checkSetting: SettingCheck) => checkSetting(namespace, FIRST_PARTITION, settingOf(counts)),

    objection: () => objectionTo(namespace.getByName(FIRST_PARTITION), settingOf(counts)),

    labels: partitionLabels(counts),

    labelOf: (orderId: string) => labelOfOrder(orderId, counts),

    at: partition,

    /** Places many orders in one call. Each has its reply, or the error that it failed with. */
    placeAll: async (
      label: string,
      requests: readonly PlaceRequest[],
    ): Promise<Result<PlaceReply, unknown>[]> => {
      try {
        const replies = await partition(label).placeAll(requests)
        return requests.flatMap((request, index) => wholeReply(request, replies[index]))
      } catch (error) {
        if (!isOfEarlierVersion(error)) throw error
        return await Promise.all(requests.map((request) => placeAlone(partition(label), request)))
      }
    },

    /** The unique id of an external order. */
    uniqueId,

    /**
     * The orders that a caller may mean by an id: those of one client, or of all clients without one. A unique id stands
     * for itself and needs no call. An id that no order has stands for itself too.
     */
    find: async (id: string, client: string | undefined): Promise<{ orderId: string; clients: string[] }> => {
      if (!isExternalOrderId(id)) return { orderId: id, clients: [] }
      const owner =
        client === undefined ? undefined : { client, orderId: await uniqueId({ client, externalId: id }) }
      const found: FoundOrder[] = await partition(labelOfExternal(id, counts)).named({
        externalId: id,
        owner,
      })
      const orderId = found[0]?.orderId ?? owner?.orderId ?? id
      return { orderId, clients: found.map((order) => order.client) }
    },

    books: createOrderBooks(partition, counts),

    ...createFeedCalls(partition, counts),

    ...createErasureCalls(partition),

    /** In each partition: begins to list all its orders again. */
    rebuildList: () =>
      partitionLabels(counts).map(
        (label) => async (request?: IdempotentRequest) => await partition(label).rebuildList(request),
      ),

    /** The events of these orders to send once more. Orders that there are not are left out. */
    replay: async (orderIds: readonly string[], wanted: WantedReplay): Promise<Replay[]> => {
      const groups = Map.groupBy(orderIds, (orderId) => labelOfOrder(orderId, counts))
      return await Promise.all(
        Array.from(groups, async ([label, ids]) =>
          label === undefined ? NO_REPLAY : await partition(label).replay(ids, wanted),
        ),
      )
    },

    /** Every partition there is, to rearm its alarm and to measure it. */
    all: () =>
      partitionLabels(counts).map((label) => ({
        name: `orders-${label}`,
        rearm: async () => await partition(label).rouse(),
        measure: async () => await partition(label).measure(),
        history: async () => await partition(label).history(),
      })),

    /** The partition of an existing order. None for an id that no order can have: such an id starts no partition. */
    of: (orderId: string) => {
      const label = labelOfOrder(orderId, counts)
      return label === undefined ? undefined : namespace.getByName(`orders-${label}`)
    },

    /** The other partitions that an idempotency key led to before the count grew. */
    earlierLabels: (idempotencyKey: string, label: string): string[] => {
      const labels = indexesOfKey(idempotencyKey, counts).map(partitionLabel)
      return [...new Set(labels)].filter((earlier) => earlier !== label)
    },

    /** The same idempotency key always leads to the same partition. */
    labelOfKey: (idempotencyKey: string) => labelOfKey(idempotencyKey, counts),

    /** An id for a new order, in the partition of its idempotency key if it has one. */
    assign: (idempotencyKey: string | undefined, now: Instant) => {
      const id = newUlid(now)
      const label = labelOfKey(idempotencyKey ?? id, counts)
      return { label, orderId: newOrderId(label, id) }
    },
  }
}

/** Objects of an earlier version do not have them. */
const createErasureCalls = (partition: (label: string) => DurableObjectStub<OrderObject>) => ({
  eraseCustomer: async (label: string, request: ErasureRequest): Promise<ErasureReply> =>
    await partition(label).eraseCustomer(request),
  eraseFromArchive: async (label: string, request: ErasureRequest): Promise<ErasureReply> =>
    await partition(label).eraseFromArchive(request),
})

/** The order feed of each partition, and its consumers. Objects of an earlier version do not have them. */
const createFeedCalls = (
  partition: (label: string) => DurableObjectStub<OrderObject>,
  counts: PartitionCounts,
) => ({
  feed: {
    labels: partitionLabels(counts),
    read: async (label: string, request: FeedRequest): Promise<FeedReply> =>
      await partition(label).feed(request),
    untilNew: async (label: string, place: FeedPlace, withinMs: number): Promise<void> =>
      await partition(label).untilFed(place, withinMs),
    placeAt: async (label: string, start: FeedStart, newEpoch: string): Promise<FeedPlace> =>
      await partition(label).feedPlaceAt(start, newEpoch),
    lagsOf: async (label: string, places: readonly (FeedPlace | undefined)[]): Promise<FeedLagReply[]> =>
      await partition(label).feedLags(places),
    switchOff: async (label: string): Promise<boolean> => await partition(label).switchFeedOff(),
  },
  feedConsumers: createFeedConsumerCalls(() => partition(partitionLabel(0))),
})

/** The consumers of the feed, which are in the first partition. */
const createFeedConsumerCalls = (first: () => DurableObjectStub<OrderObject>) => ({
  list: async (): Promise<FeedConsumer[]> => await first().feedConsumers(),
  put: async (consumer: NewConsumer): Promise<Result<FeedConsumer, PutRefused>> =>
    await first().putFeedConsumer(consumer),
  remove: async (name: string): Promise<boolean> => await first().removeFeedConsumer(name),
  lease: async (name: string, request: LeaseRequest): Promise<Result<FeedConsumer, ConsumerLeaseRefused>> =>
    await first().leaseFeedConsumer(name, request),
  commit: async (name: string, request: CommitRequest): Promise<Result<FeedConsumer, CommitRefused>> =>
    await first().commitFeedConsumer(name, request),
  adjust: async (name: string, adjustment: Adjustment): Promise<Result<FeedConsumer, NotFound>> =>
    await first().adjustFeedConsumer(name, adjustment),
})

/** The orders of all partitions, as the audit reads them. */
const createOrderBooks = (
  partition: (label: string) => DurableObjectStub<OrderObject>,
  counts: PartitionCounts,
) => ({
  /** Orders of all partitions, from the first id after `orderId`. */
  after: async (orderId: string, limit: number): Promise<Portion<OrderBook>> => {
    const portions = partitionLabels(counts).map(async (label) =>
      portionFrom<OrderBook>(await partition(label).booksAfter(orderId, limit), limit),
    )
    return mergedPortions(await Promise.all(portions))
  },

  /** These orders, as far as there are any. */
  of: async (orderIds: readonly string[]): Promise<OrderBook[]> => {
    const byLabel = Map.groupBy(orderIds, (orderId) => labelOfOrder(orderId, counts) ?? '')
    byLabel.delete('')
    const found = Array.from(
      byLabel,
      async ([label, ids]): Promise<OrderBook[]> => await partition(label).booksOf(ids),
    )
    return (await Promise.all(found)).flat()
  },
})

const NO_REPLAY: Replay = { orders: [], events: [], heldBack: 0 }

const wholeReply = (
  request: PlaceRequest,
  reply: Result<ShortPlaceReply, string> | undefined,
): Result<PlaceReply, string>[] => {
  if (reply === undefined) return []
  return [reply.ok ? success(lengthened(request, reply.value)) : reply]
}

/** For a moment during a deployment, an object may run an earlier version, which places one order in a call. */
export const isOfEarlierVersion = (error: unknown): boolean =>
  /does not implement (?:the method )?"placeAll"/.test(String(error))

const placeAlone = async (
  partition: { place(request: PlaceRequest): Promise<PlaceReply> },
  request: PlaceRequest,
): Promise<Result<PlaceReply, unknown>> => {
  try {
    return success(await partition.place(request))
  } catch (error) {
    return refusal(error)
  }
}

const labelOfExternal = (externalId: string, counts: PartitionCounts): string =>
  partitionLabel(partitionIndex(externalId, externalCount(counts)))

const settingOf = (counts: PartitionCounts) => orderPartitionsSetting(partitionCountsText(counts))

const labelOfKey = (key: string, counts: PartitionCounts): string =>
  partitionLabel(partitionIndex(key, currentCount(counts)))

export type OrderPartitions = ReturnType<typeof createOrderPartitions>
