import { type Result, refusal } from '../kernel/result.ts'
import * as feed from '../messaging/feed-reader.ts'
import type { FeedEvent, FeedPlace, FeedRefusal } from './feed.ts'

/** The order partitions, as a reader of the feed calls them. */
export type FeedPartitions = feed.FeedPartitions<FeedEvent, FeedPlace, FeedRefusal>

/**
 * `cursor_refused`: the cursor is of another deployment, or from before the feed was switched off. `orders_left`: orders that
 * its reader did not have yet have left for the archive.
 */
export type CursorRefused = feed.CursorRefused | 'orders_left'

export const cursorRefusalOf = (refused: FeedRefusal | feed.CursorRefused): CursorRefused =>
  refused === 'orders_left' ? refused : 'cursor_refused'

/** The events after a cursor, as `readPages` has them. */
export const readFeed = async (
  partitions: FeedPartitions,
  wanted: feed.Wanted<FeedPlace>,
  wait?: (untilNew: (withinMs: number) => Promise<void>) => Promise<unknown>,
): Promise<Result<feed.FeedRead<FeedEvent, FeedPlace>, CursorRefused>> => {
  const read = await feed.readPages(partitions, wanted, wait)
  return read.ok ? read : refusal(cursorRefusalOf(read.reason))
}
