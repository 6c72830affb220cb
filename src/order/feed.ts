import { z } from 'zod'
import type { PublicEvent } from '../contracts/public-event.ts'
import type { Result } from '../kernel/result.ts'
import type { PartitionLag } from '../messaging/feed-lag.ts'
import type * as feed from '../messaging/feed-reader.ts'
import type { Order } from './order.ts'
import { publicEventOf } from './order-events.ts'

/**
 * How far a reader of the order feed is in one partition. The feed is read in two parts: first all orders that there are,
 * by their ids, then the rows with later facts, by the position of their last fact.
 */
export const feedPlaceSchema = z.discriminatedUnion('part', [
  z.strictObject({
    part: z.literal('stored'),
    epoch: z.string(),
    /** The last position when the reader began. What is later comes in the second part. */
    began: z.int().min(0),
    /** The order that was read last, and how many of its facts. */
    orderId: z.string(),
    facts: z.int().min(0),
  }),
  z.strictObject({
    part: z.literal('new'),
    epoch: z.string(),
    /** The reader has every fact up to this position. */
    known: z.int().min(0),
    /** Every row up to this position was read, as it was then. Greater than `known` where the reader has not caught up. */
    read: z.int().min(0),
    /** The last fact that was read of a row which did not fit in the page, 0 without such a row. */
    within: z.int().min(0),
  }),
])

export type FeedPlace = z.infer<typeof feedPlaceSchema>

/** The order that every reader acting for all clients can see. The payment token is left out. */
export type FeedEvent = PublicEvent & {
  /** The client that placed the order. */
  client?: string
  /** The order's unique id. Events with the same one are in order. */
  partitionkey: string
  /** Counts the events of the order from 1 on, as decimal digits with leading zeros. */
  sequence: string
}

/** Where a reader begins: with everything, with what comes from now on, or with what took effect since this id was made. */
export type FeedStart = 'oldest' | 'now' | { since: string }

export type FeedRequest = feed.FeedRequest<FeedPlace>

export type FeedPage = feed.FeedPage<FeedEvent, FeedPlace>

/**
 * `place_unknown`: the feed was switched off since, or the place is of another deployment. `orders_left`: orders that the
 * reader did not have yet have left for the archive.
 */
export type FeedRefusal = 'place_unknown' | 'orders_left'

export type FeedReply = Result<FeedPage, FeedRefusal>

export type FeedLagReply = Result<PartitionLag, FeedRefusal>

/** The events of an order from the fact with this index on. */
export const feedEventsFrom = (order: Order, first: number): FeedEvent[] =>
  order.history.slice(first).map((entry, index) => ({
    ...publicEventOf(order, entry),
    ...(order.client !== null && { client: order.client }),
    partitionkey: order.orderId,
    sequence: sequenceOf(first + index),
  }))

const sequenceOf = (index: number): string => String(index + 1).padStart(SEQUENCE_DIGITS, '0')

/** So many digits that sequences are also in order as texts. An order has some ten facts and its refunds. */
const SEQUENCE_DIGITS = 6
