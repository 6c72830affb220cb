import type { ProductFeedRequest, ProductPlace } from '../../src/inventory/product-feed.ts'
import type { createStockWorld } from './stock-world.ts'

/** The product feed of the only stock partition, as the Worker calls it. */
export const productPartitionsOf = (world: Pick<ReturnType<typeof createStockWorld>, 'partition'>) => ({
  labels: ['0'],
  read: async (_: string, request: ProductFeedRequest) => world.partition().feed.read(request),
  untilNew: async () => {},
  placeAt: async (_: string, start: 'oldest' | 'now', newEpoch: string) =>
    world.partition().feed.placeAt(start, newEpoch),
  lagsOf: async (_: string, places: readonly (ProductPlace | undefined)[]) =>
    world.partition().feed.lagsOf(places),
})
