import { gauge, type Sample } from '../contracts/metrics.ts'
import type { ConsumerLag } from './consumer-lag.ts'
import type { FeedConsumer } from './feed-consumer.ts'

/** What is measured of each consumer, by its name. One that is blocked has no lag: nothing tells what it misses. */
export const consumerSamples = (
  consumers: readonly Pick<FeedConsumer, 'name'>[],
  lags: readonly ConsumerLag[],
): Sample[] =>
  consumers.flatMap(({ name: consumer }, index) => {
    const lag = lags[index]
    if (lag === undefined) return []
    const blocked = gauge('edge_orders_feed_consumer_blocked', lag.ok ? 0 : 1, { consumer })
    if (!lag.ok) return [blocked]
    return [
      blocked,
      gauge('edge_orders_feed_consumer_lag_events', lag.value.events, { consumer }),
      gauge('edge_orders_feed_consumer_lag_seconds', lag.value.seconds, { consumer }),
    ]
  })
