import type { FeedPlace, FeedRequest, FeedStart } from '../../src/order/feed.ts'
import type { OrderWorld } from './order-world.ts'

/** The feed of the only order partition, as the Worker calls it. */
export const feedPartitionsOf = (world: OrderWorld) => ({
  labels: ['0'],
  read: async (_: string, request: FeedRequest) => world.partition().feed.read(request),
  untilNew: async () => {},
  placeAt: async (_: string, start: FeedStart, newEpoch: string) =>
    world.partition().feed.placeAt(start, newEpoch),
  lagsOf: async (_: string, places: readonly (FeedPlace | undefined)[]) =>
    world.partition().feed.lagsOf(places),
})
