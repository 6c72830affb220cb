import { type Result, refusal, success } from '../kernel/result.ts'
import * as feed from '../messaging/feed-reader.ts'
import { type FeedEvent, type FeedPlace, type FeedRefusal, feedTested } from './feed.ts'
import type { FeedCursor } from './feed-cursor.ts'

/** The order partitions, as a reader of the feed calls them. */
export type FeedPartitions = feed.FeedPartitions<FeedEvent, FeedPlace, FeedRefusal>

type Wanted = feed.Wanted<FeedPlace> & { cursor: FeedCursor | undefined }

/**
 * `cursor_refused`: the cursor is of another deployment, or from before the feed was switched off. `orders_left`: orders that
 * its reader did not have yet have left for the archive.
 */
export type CursorRefused = feed.CursorRefused | 'orders_left'

export const cursorRefusalOf = (refused: FeedRefusal | feed.CursorRefused): CursorRefused =>
  refused === 'orders_left' ? refused : 'cursor_refused'

/** The events after a cursor, as `readPages` has them. A test event is a page of its own. */
export const readFeed = async (
  partitions: FeedPartitions,
  wanted: Wanted,
  wait?: (untilNew: (withinMs: number) => Promise<void>) => Promise<unknown>,
): Promise<Result<feed.FeedRead<FeedEvent, FeedPlace>, CursorRefused>> => {
  const { cursor } = wanted
  if (cursor?.test === undefined) {
    const read = await feed.readPages(partitions, wanted, wait)
    return read.ok ? read : refusal(cursorRefusalOf(read.reason))
  }
  if (!feed.isOf(cursor, partitions)) return refusal('cursor_refused')
  const { test, ...rest } = cursor
  return success({ events: [feedTested(test)], cursor: rest })
}
