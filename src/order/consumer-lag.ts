import { type Instant, secondsSince } from '../kernel/instant.ts'
import { type Result, refusal, success } from '../kernel/result.ts'
import { isOf } from '../messaging/feed-reader.ts'
import type { FeedLagReply, FeedPlace, FeedStart } from './feed.ts'
import type { FeedConsumer } from './feed-consumer.ts'
import { decodeFeedCursor, encodeFeedCursor, type FeedCursor } from './feed-cursor.ts'
import { type CursorRefused, cursorRefusalOf } from './feed-reader.ts'

/** What a consumer has yet to deliver, in all partitions. */
type Lag = { events: number; seconds: number }

export type ConsumerLag = Result<Lag, CursorRefused>

/** The partitions of a feed, as its consumers need them beside reading. */
type ConsumerPartitions = {
  labels: readonly string[]
  placeAt(label: string, start: FeedStart, newEpoch: string): Promise<FeedPlace>
  lagsOf(label: string, places: readonly (FeedPlace | undefined)[]): Promise<FeedLagReply[]>
}

/** The lag of each consumer, in one call of each partition. */
export const measureConsumers = async (
  partitions: ConsumerPartitions,
  consumers: readonly Pick<FeedConsumer, 'cursor'>[],
  now: Instant,
): Promise<ConsumerLag[]> => {
  const cursors = consumers.map(({ cursor }) => decodeFeedCursor(cursor))
  const known = cursors.filter((cursor) => cursor !== undefined && isOf(cursor, partitions))
  const replies = await Promise.all(
    partitions.labels.map((label) =>
      partitions.lagsOf(
        label,
        known.map((cursor) => cursor?.places.get(label)),
      ),
    ),
  )
  return cursors.map((cursor) => {
    const index = known.indexOf(cursor)
    return index < 0
      ? refusal('cursor_refused')
      : lagOf(
          replies.map((ofLabel) => ofLabel[index]),
          now,
        )
  })
}

const lagOf = (replies: readonly (FeedLagReply | undefined)[], now: Instant): ConsumerLag => {
  const lags = replies.flatMap((reply) => (reply?.ok === true ? [reply.value] : []))
  const refused = replies.flatMap((reply) => (reply?.ok === false ? [cursorRefusalOf(reply.reason)] : []))
  if (lags.length < replies.length)
    return refusal(refused.find((reason) => reason === 'orders_left') ?? 'cursor_refused')
  const times = lags.flatMap(({ oldestAt }) => oldestAt ?? [])
  return success({
    events: lags.reduce((sum, { events }) => sum + events, 0),
    seconds: times.length === 0 ? 0 : secondsSince(Math.min(...times), now),
  })
}

export type ConsumerHealth = 'healthy' | 'retrying' | 'blocked' | 'paused'

/** A paused consumer that is also blocked shows as blocked: resuming it would not help. */
export const healthOf = ({ pausedAt, failures }: FeedConsumer, lag: ConsumerLag): ConsumerHealth => {
  if (!lag.ok) return 'blocked'
  if (pausedAt !== undefined) return 'paused'
  return failures > 0 ? 'retrying' : 'healthy'
}

/** A cursor for a reader that begins there. Switches the feed on in every partition. */
export const cursorAt = async (
  { labels, placeAt }: ConsumerPartitions,
  start: (label: string) => FeedStart,
  newEpoch: string,
): Promise<string> => {
  const places = labels.map(async (label) => [label, await placeAt(label, start(label), newEpoch)] as const)
  return encodeFeedCursor({ next: 0, places: new Map(await Promise.all(places)) } satisfies FeedCursor)
}
