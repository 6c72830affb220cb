import type { Instant } from '../kernel/instant.ts'
import { type Result, refusal } from '../kernel/result.ts'
import { type Lag, type MeasuredPartitions, measureReaders, placesAt } from '../messaging/feed-lag.ts'
import type { FeedPlace, FeedRefusal, FeedStart } from './feed.ts'
import type { FeedConsumer, FeedName } from './feed-consumer.ts'
import { decodeFeedCursor, encodeFeedCursor } from './feed-cursor.ts'
import { type CursorRefused, cursorRefusalOf } from './feed-reader.ts'

export type ConsumerLag = Result<Lag, CursorRefused>

/** The partitions of the order feed, as its consumers need them beside reading. */
type ConsumerPartitions = MeasuredPartitions<FeedPlace, FeedRefusal> & {
  placeAt(label: string, start: FeedStart, newEpoch: string): Promise<FeedPlace>
}

/** The lag of each consumer of the order feed, in one call of each partition. */
export const measureConsumers = async (
  partitions: ConsumerPartitions,
  consumers: readonly Pick<FeedConsumer, 'cursor'>[],
  now: Instant,
): Promise<ConsumerLag[]> => {
  const cursors = consumers.map(({ cursor }) => decodeFeedCursor(cursor))
  const lags = await measureReaders(partitions, cursors, now)
  return lags.map((lag) => (lag.ok ? lag : refusal(cursorRefusalOf(lag.reason))))
}

/** How the consumers of each feed are measured: one lag for each, undefined where the service does not answer. */
export type LagSources = Readonly<
  Record<FeedName, (consumers: readonly FeedConsumer[]) => Promise<readonly (ConsumerLag | undefined)[]>>
>

/** The lag of consumers of all feeds, in their sequence. A feed without consumers is not asked. */
export const measureByFeed = async (
  sources: LagSources,
  consumers: readonly FeedConsumer[],
): Promise<(ConsumerLag | undefined)[]> => {
  const byFeed = Array.from(
    Map.groupBy(consumers, ({ feed }) => feed),
    async ([feed, group]) => {
      const lags = await sources[feed](group)
      return group.map((consumer, index) => [consumer, lags[index]] as const)
    },
  )
  const lags = new Map((await Promise.all(byFeed)).flat())
  return consumers.map((consumer) => lags.get(consumer))
}

export type ConsumerHealth = 'healthy' | 'retrying' | 'blocked' | 'paused'

/** A paused consumer that is also blocked shows as blocked: resuming it would not help. */
export const healthOf = (
  { pausedAt, failures }: FeedConsumer,
  lag: ConsumerLag | undefined,
): ConsumerHealth => {
  if (lag?.ok === false) return 'blocked'
  if (pausedAt !== undefined) return 'paused'
  return failures > 0 ? 'retrying' : 'healthy'
}

/** A cursor of the order feed for a reader that begins there. Switches the feed on in every partition. */
export const cursorAt = async (
  { labels, placeAt }: ConsumerPartitions,
  start: (label: string) => FeedStart,
  newEpoch: string,
): Promise<string> =>
  encodeFeedCursor(await placesAt(labels, (label) => placeAt(label, start(label), newEpoch)))
