import { gauge, type Sample } from '../contracts/metrics.ts'
import type { ConsumerLag } from './consumer-lag.ts'
import type { FeedConsumer } from './feed-consumer.ts'

/**
 * What is measured of each consumer, by its name and its feed. One that is blocked has no lag: nothing tells what it
 * misses. While a partition of the feed is away, nothing is known of any: that partition has an alert of its own.
 */
export const consumerSamples = (
  consumers: readonly Pick<FeedConsumer, 'name' | 'feed' | 'pausedAt'>[],
  lags: readonly (ConsumerLag | undefined)[],
): Sample[] =>
  consumers.flatMap(({ name: consumer, feed, pausedAt }, index) => {
    const lag = lags[index]
    if (lag === undefined) return []
    const states = [
      gauge('edge_orders_feed_consumer_blocked', lag.ok ? 0 : 1, { consumer, feed }),
      gauge('edge_orders_feed_consumer_paused', pausedAt === undefined ? 0 : 1, { consumer, feed }),
    ]
    if (!lag.ok) return states
    return [
      ...states,
      gauge('edge_orders_feed_consumer_lag_events', lag.value.events, { consumer, feed }),
      gauge('edge_orders_feed_consumer_lag_seconds', lag.value.seconds, { consumer, feed }),
    ]
  })
