import { type Result, refusal, success } from '../kernel/result.ts'
import type { FeedCursor, Places } from './feed-cursor.ts'
import { type FeedTested, feedTested } from './feed-tested.ts'

/** A page of one partition's feed. */
export type FeedPage<Event, Place> = {
  events: Event[]
  place: Place
  /** Whether more can be read at once. */
  hasMore: boolean
}

export type FeedRequest<Place> = {
  /** Undefined where the reader begins. That switches the feed on. */
  place: Place | undefined
  /** How many events are wanted at most. */
  limit: number
  /** For a feed that is switched on now. */
  newEpoch: string
}

/** The partitions of a feed, as its reader calls them. */
export type FeedPartitions<Event, Place, Refused = 'place_unknown'> = {
  /** In an order that never changes; later partitions come last. */
  labels: readonly string[]
  read(label: string, request: FeedRequest<Place>): Promise<Result<FeedPage<Event, Place>, Refused>>
  untilNew(label: string, place: Place, withinMs: number): Promise<void>
}

export type Wanted<Place> = {
  /** Undefined where the reader begins. */
  cursor: FeedCursor<Place> | undefined
  /** How many events are wanted at most, at least 1. */
  limit: number
  /** Only events of these types; undefined for all. */
  types?: readonly string[] | undefined
  newEpoch: string
}

export type FeedRead<Event, Place> = { events: Event[]; cursor: Places<Place> }

type Reading<Event, Place> = FeedRead<Event, Place> & { hasMore: boolean }

/** The cursor is of another deployment. What a partition refuses, it says itself. */
export type CursorRefused = 'cursor_refused'

/** Pages without events are rare, and a reader gets on by each of them. */
const EMPTY_READINGS_MAX = 10

/**
 * The events after a cursor. A test event is a page of its own. `wait` is called where there are none, with what ends the
 * wait; then they are read again.
 */
export const readPages = async <Event extends { type: string }, Place, Refused>(
  partitions: FeedPartitions<Event, Place, Refused>,
  wanted: Wanted<Place>,
  wait?: (untilNew: (withinMs: number) => Promise<void>) => Promise<unknown>,
): Promise<Result<FeedRead<Event | FeedTested, Place>, CursorRefused | Refused>> => {
  const { cursor } = wanted
  if (cursor !== undefined) {
    const refused = await refusalOf(partitions, cursor)
    if (refused !== undefined) return refusal(refused)
  }
  if (cursor?.test !== undefined) {
    const { test, ...rest } = cursor
    return success({ events: [feedTested(test)], cursor: rest })
  }
  const first = await readOn(partitions, wanted)
  if (!first.ok || first.value.events.length > 0 || wait === undefined) return first
  const { places } = first.value.cursor
  await wait(async (withinMs) => {
    await Promise.race(Array.from(places, ([label, place]) => partitions.untilNew(label, place, withinMs)))
  })
  return await readOn(partitions, { ...wanted, cursor: first.value.cursor })
}

/** A partition that the cursor lacks is new. One that this deployment lacks is another deployment's. */
export const isOf = <Place>({ places }: Places<Place>, { labels }: { labels: readonly string[] }): boolean =>
  [...places.keys()].every((label) => labels.includes(label))

/**
 * Why the cursor is refused before a page is read. A page refuses a cursor with a place in each partition by itself. For any
 * other one the partitions are asked, and what they read is left for its page. Otherwise a cursor of another deployment could
 * give a page of the partitions that it does not name, and switch the feed on there.
 */
const refusalOf = async <Event, Place, Refused>(
  partitions: FeedPartitions<Event, Place, Refused>,
  cursor: FeedCursor<Place>,
): Promise<CursorRefused | Refused | undefined> => {
  if (!isOf(cursor, partitions)) return 'cursor_refused'
  const { places, test } = cursor
  if (test === undefined && places.size === partitions.labels.length) return undefined
  const replies = await Promise.all(
    Array.from(places, ([label, place]) => partitions.read(label, { place, limit: 1, newEpoch: '' })),
  )
  return replies.find((reply) => !reply.ok)?.reason
}

/** Reads until there are events, or no partition has any. */
const readOn = async <Event extends { type: string }, Place, Refused>(
  partitions: FeedPartitions<Event, Place, Refused>,
  wanted: Wanted<Place>,
): Promise<Result<FeedRead<Event, Place>, CursorRefused | Refused>> => {
  let reading = await readOnce(partitions, wanted)
  for (let times = 1; times < EMPTY_READINGS_MAX; times += 1) {
    if (!reading.ok || reading.value.events.length > 0 || !reading.value.hasMore) break
    reading = await readOnce(partitions, { ...wanted, cursor: reading.value.cursor })
  }
  return reading
}

/** Reads each partition for its share of the page. Where the page has no room for all of them, those whose turn it is. */
const readOnce = async <Event extends { type: string }, Place, Refused>(
  partitions: FeedPartitions<Event, Place, Refused>,
  { cursor, limit, types, newEpoch }: Wanted<Place>,
): Promise<Result<Reading<Event, Place>, Refused>> => {
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
    const events: Event[] = []
    for (const [index, reply] of replies.entries()) {
      if (!reply.ok) return refusal(reply.reason)
      places.set(group[index] ?? '', reply.value.place)
      events.push(...reply.value.events.filter(({ type }) => types?.includes(type) ?? true))
      isMore.push(reply.value.hasMore)
    }
    const after = (next + begin + group.length) % labels.length
    if (events.length > 0) return success({ events, cursor: { places, next: after }, hasMore: true })
  }
  return success({ events: [], cursor: { places, next }, hasMore: isMore.includes(true) })
}
