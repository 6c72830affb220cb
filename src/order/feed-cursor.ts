import { z } from 'zod'
import { type FeedPlace, feedPlaceSchema } from './feed.ts'

/** How far a reader of the order feed is: its place in each order partition, by the partition's label. */
export type FeedCursor = {
  places: ReadonlyMap<string, FeedPlace>
  /** The partition that is read first, by its number: where a page has no room for all of them, each has its turn. */
  next: number
}

/** Opaque to callers, and safe in an address. */
export const encodeFeedCursor = ({ places, next }: FeedCursor): string =>
  btoa(JSON.stringify([next, ...Array.from(places, toEntry)]))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

/** `undefined` for what is no cursor of the order feed. */
export const decodeFeedCursor = (text: string): FeedCursor | undefined => {
  try {
    const json: unknown = JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/')))
    const [next, ...entries] = cursorSchema.parse(json)
    return { next, places: new Map(entries.map(fromEntry)) }
  } catch {
    return undefined
  }
}

/** Short, because one stands in the cursor for each partition. The last value says which part of the feed it is in. */
const entrySchema = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.union([z.string(), z.number()]),
])

const cursorSchema = z.tuple([z.int().min(0)], entrySchema)

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
