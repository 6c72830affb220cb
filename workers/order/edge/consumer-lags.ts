import { type ConsumerLag, measureByFeed, measureConsumers } from '../../../src/order/consumer-lag.ts'
import type { FeedConsumer } from '../../../src/order/feed-consumer.ts'
import type { OrderPartitions } from '../order-partitions.ts'
import { measureProductConsumers } from './product-consumers.ts'

/**
 * The lag of each consumer. Undefined for those of the product feed where inventory does not answer. Fails where an order
 * partition does not.
 */
export const lagsOf = (
  env: OrderEnv,
  { feed }: Pick<OrderPartitions, 'feed'>,
  consumers: readonly FeedConsumer[],
): Promise<(ConsumerLag | undefined)[]> =>
  measureByFeed(
    {
      orders: (ofOrders) => measureConsumers(feed, ofOrders, Date.now()),
      products: (ofProducts) => measureProductConsumers(env, ofProducts),
    },
    consumers,
  )
