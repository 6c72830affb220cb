import { type Result, refusal, success } from '../kernel/result.ts'
import {
  type FeedEvent,
  type FeedPlace,
  type FeedRefusal,
  type FeedReply,
  type FeedRequest,
  feedTested,
} from './feed.ts'
import type { FeedCursor } from './feed-cursor.ts'

/** The order partitions, as a reader of the feed calls them. */
export type FeedPartitions = {
  /** In an order that never changes; later partitions come last. */
  labels: readonly string[]
  read(label: string, request: FeedRequest): Promise<FeedReply>
  untilNew(label: string, place: FeedPlace, withinMs: number): Promise<void>
}

type Wanted = {
  /** Undefined where the reader begins. */
  cursor: FeedCursor | undefined
  /** How many events are wanted at most, at least 1. */
  limit: number
  /** Only events of these types; undefined for all. */
  types?: readonly string[] | undefined
  newEpoch: string
}

type FeedRead = { events: FeedEvent[]; cursor: FeedCursor }

type Reading = FeedRead & { hasMore: boolean }

/**
 * `cursor_refused`: the cursor is of another deployment, or from before the feed was switched off. `orders_left`: orders that
 * its reader did not have yet have left for the archive.
 */
export type CursorRefused = 'cursor_refused' | 'orders_left'

export const cursorRefusalOf = (refused: FeedRefusal): CursorRefused =>
  refused === 'orders_left' ? refused : 'cursor_refused'

/** Pages without events are rare, and a reader gets on by each of them. */
const EMPTY_READINGS_MAX = 10

/** The events after a cursor. `wait` is called where there are none, with what ends the wait; then they are read again. */
export const readFeed = async (
  partitions: FeedPartitions,
  wanted: Wanted,
  wait?: (untilNew: (withinMs: number) => Promise<void>) => Promise<unknown>,
): Promise<Result<FeedRead, CursorRefused>> => {
  const { cursor } = wanted
  if (cursor !== undefined && !isOf(cursor, partitions)) return refusal('cursor_refused')
  if (cursor?.test !== undefined) return success(testPage(cursor, cursor.test))
  const first = await readOn(partitions, wanted)
  if (!first.ok || first.value.events.length > 0 || wait === undefined) return first
  const { places } = first.value.cursor
  await wait(async (withinMs) => {
    await Promise.race(Array.from(places, ([label, place]) => partitions.untilNew(label, place, withinMs)))
  })
  return await readOn(partitions, { ...wanted, cursor: first.value.cursor })
}

const testPage = ({ test: _, ...cursor }: FeedCursor, test: string): FeedRead => ({
  events: [feedTested(test)],
  cursor,
})

/** A partition that the cursor lacks is new. One that this deployment lacks is another deployment's. */
export const isOf = ({ places }: FeedCursor, { labels }: Pick<FeedPartitions, 'labels'>): boolean =>
  [...places.keys()].every((label) => labels.includes(label))

/** Reads until there are events, or no partition has any. */
const readOn = async (
  partitions: FeedPartitions,
  wanted: Wanted,
): Promise<Result<FeedRead, CursorRefused>> => {
  let reading = await readOnce(partitions, wanted)
  for (let times = 1; times < EMPTY_READINGS_MAX; times += 1) {
    if (!reading.ok || reading.value.events.length > 0 || !reading.value.hasMore) break
    reading = await readOnce(partitions, { ...wanted, cursor: reading.value.cursor })
  }
  return reading
}

/** Reads each partition for its share of the page. Where the page has no room for all of them, those whose turn it is. */
const readOnce = async (
  partitions: FeedPartitions,
  { cursor, limit, types, newEpoch }: Wanted,
): Promise<Result<Reading, CursorRefused>> => {
  const { labels } = partitions
  const places = new Map(cursor?.places)
  const next = (cursor?.next ?? 0) % labels.length
  const inTurn = [...labels.slice(next), ...labels.slice(0, next)]
  const isMore: boolean[] = []
  for (let begin = 0; begin < inTurn.length; begin += limit) {
    const group = inTurn.slice(begin, begin + limit)
    const share = Math.floor(limit / group.length)
    const request = (label: string) => ({ place: places.get(label), limit: share, newEpoch })
    const replies = await Promise.all(group.map((label) => partitions.read(label, request(label))))
    const events: FeedEvent[] = []
    for (const [index, reply] of replies.entries()) {
      if (!reply.ok) return refusal(cursorRefusalOf(reply.reason))
      places.set(group[index] ?? '', reply.value.place)
      events.push(...reply.value.events.filter(({ type }) => types?.includes(type) ?? true))
      isMore.push(reply.value.hasMore)
    }
    const after = (next + begin + group.length) % labels.length
    if (events.length > 0) return success({ events, cursor: { places, next: after }, hasMore: true })
  }
  return success({ events: [], cursor: { places, next }, hasMore: isMore.includes(true) })
}
