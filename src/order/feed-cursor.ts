import { z } from 'zod'
import { fromBase64Url, toBase64Url } from '../kernel/base64url.ts'
import type { Places } from '../messaging/feed-reader.ts'
import { type FeedPlace, feedPlaceSchema } from './feed.ts'

/** How far a reader of the order feed is. */
export type FeedCursor = Places<FeedPlace> & {
  /** The id of a test event, which is a page of its own before all others. */
  test?: string
}

/** Opaque to callers, and safe in an address. */
export const encodeFeedCursor = ({ places, next, test }: FeedCursor): string =>
  toBase64Url(JSON.stringify([test === undefined ? next : [next, test], ...Array.from(places, toEntry)]))

/** `undefined` for what is no cursor of the order feed. */
export const decodeFeedCursor = (text: string): FeedCursor | undefined => {
  try {
    const json: unknown = JSON.parse(fromBase64Url(text))
    const [first, ...entries] = cursorSchema.parse(json)
    const places = new Map(entries.map(fromEntry))
    return typeof first === 'number' ? { next: first, places } : { next: first[0], test: first[1], places }
  } catch {
    return undefined
  }
}

/** Whether a reader can have come from one cursor to the other: the places of all its partitions are in the same epochs. */
export const isReachable = (from: FeedCursor, to: FeedCursor): boolean =>
  Array.from(from.places).every(([label, { epoch }]) => to.places.get(label)?.epoch === epoch)

/** Short, because one stands in the cursor for each partition. The last value says which part of the feed it is in. */
const entrySchema = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.union([z.string(), z.number()]),
])

const nextSchema = z.int().min(0)

const cursorSchema = z.tuple([z.union([nextSchema, z.tuple([nextSchema, z.string().max(64)])])], entrySchema)

const toEntry = ([label, place]: [string, FeedPlace]): z.infer<typeof entrySchema> =>
  place.part === 'stored'
    ? [label, place.epoch, place.began, place.facts, place.orderId]
    : [label, place.epoch, place.known, place.read, place.within]

const fromEntry = ([label, epoch, a, b, last]: z.infer<typeof entrySchema>): [string, FeedPlace] => [
  label,
  feedPlaceSchema.parse(
    typeof last === 'string'
      ? { part: 'stored', epoch, began: a, facts: b, orderId: last }
      : { part: 'new', epoch, known: a, read: b, within: last },
  ),
]
