import { objectionTo, type SettingCheck } from '../../src/cloudflare/witness.ts'
import {
  mergedPortions,
  type Portion,
  portionFrom,
  type ReservationBook,
  type StockStep,
  type StockWalk,
} from '../../src/contracts/books.ts'
import type { ProductStart } from '../../src/contracts/product-consumers.ts'
import { fromBriefReplies } from '../../src/inventory/brief-reply.ts'
import type { LevelView } from '../../src/inventory/partition/adjustment.ts'
import type {
  ProductFeedReply,
  ProductFeedRequest,
  ProductLagReply,
  ProductPlace,
} from '../../src/inventory/product-feed.ts'
import type { StockPartitions as ResponderPorts } from '../../src/inventory/responder.ts'
import type { Reservation } from '../../src/inventory/stock.ts'
import { partitionIndex } from '../../src/kernel/partitions.ts'
import type { IdempotentRequest } from '../../src/messaging/idempotency.ts'
import { FIRST_PARTITION, stockPartitionsSetting } from './settings.ts'
import type { StockObject } from './stock-object.ts'

/** The stock partitions, as the Worker in front of them calls them. */
export const createStockPartitions = (namespace: DurableObjectNamespace<StockObject>, count: number) => {
  const partition = (index: number) => namespace.getByName(`stock-${index}`)
  const setting = stockPartitionsSetting(String(count))
  return {
    /** Throws where products were placed under another count. */
    check: (checkSetting: SettingCheck) => checkSetting(namespace, FIRST_PARTITION, setting),

    objection: () => objectionTo(namespace.getByName(FIRST_PARTITION), setting),

    /** As the responder calls them. */
    ports: {
      count,
      apply: async (index, commands) =>
        fromBriefReplies(await partition(index).apply(commands, 'brief'), commands),
      letGo: async (index, departure) => await partition(index).letGo(departure),
      acknowledge: async (index, factIds) => await partition(index).note(factIds),
    } satisfies ResponderPorts,

    /** In each partition: begins to list all its movements and products again. */
    rebuildList: () =>
      Array.from(
        { length: count },
        (_, index) => async (request?: IdempotentRequest) => await partition(index).rebuildList(request),
      ),

    /** Every partition there is, to rearm its alarm and to measure it. */
    all: () =>
      Array.from({ length: count }, (_, index) => ({
        name: `stock-${index}`,
        rearm: async () => await partition(index).rouse(),
        measure: async () => await partition(index).measure(),
      })),

    /** For the audit: reservations of all partitions, from the first order's id after `orderId`. */
    reservationsAfter: async (orderId: string, limit: number): Promise<Portion<ReservationBook>> => {
      const portions = Array.from({ length: count }, async (_, index) =>
        portionFrom<ReservationBook>(await partition(index).reservationsAfter(orderId, limit), limit),
      )
      return mergedPortions(await Promise.all(portions))
    },

    walk: async (index: number, walk: StockWalk): Promise<StockStep> => await partition(index).walk(walk),

    /** The product feed of each partition. */
    feed: {
      labels: Array.from({ length: count }, (_, index) => String(index)),
      read: async (label: string, request: ProductFeedRequest): Promise<ProductFeedReply> =>
        await partition(Number(label)).feed(request),
      untilNew: async (label: string, place: ProductPlace, withinMs: number): Promise<void> =>
        await partition(Number(label)).untilFed(place, withinMs),
      placeAt: async (label: string, start: ProductStart, newEpoch: string): Promise<ProductPlace> =>
        await partition(Number(label)).feedPlaceAt(start, newEpoch),
      lagsOf: async (
        label: string,
        places: readonly (ProductPlace | undefined)[],
      ): Promise<ProductLagReply[]> => await partition(Number(label)).feedLags(places),
      switchOff: async (label: string): Promise<boolean> => await partition(Number(label)).switchFeedOff(),
    },

    of: (productId: string) => partition(partitionIndex(productId, count)),

    /** What the partitions of these products have for an order, as far as they have anything. */
    reservations: async (orderId: string, productIds: readonly string[]): Promise<Reservation[]> => {
      const indexes = new Set(productIds.map((productId) => partitionIndex(productId, count)))
      const found = await Promise.all([...indexes].map((index) => partition(index).reservation(orderId)))
      return found.filter((reservation) => reservation !== undefined)
    },

    /** Levels of all partitions in the order of their product ids, from the first id after `after`. */
    levels: async (after: string, limit: number): Promise<LevelView[]> => {
      const indexes = Array.from({ length: count }, (_, index) => index)
      const levels = await Promise.all(indexes.map((index) => partition(index).levels(after, limit)))
      return levels
        .flat()
        .sort((left, right) => (left.productId < right.productId ? -1 : 1))
        .slice(0, limit)
    },
  }
}

export type StockPartitions = ReturnType<typeof createStockPartitions>
