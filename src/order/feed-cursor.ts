import { z } from 'zod'
import { cursorTexts, type FeedCursor as FeedCursorOf } from '../messaging/feed-cursor.ts'
import { type FeedPlace, feedPlaceSchema } from './feed.ts'

/** How far a reader of the order feed is. */
export type FeedCursor = FeedCursorOf<FeedPlace>

/** The last value says which part of the feed a place is in. */
const entrySchema = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.number(),
  z.union([z.string(), z.number()]),
])

type Entry = z.infer<typeof entrySchema>

const toEntry = (label: string, place: FeedPlace): Entry =>
  place.part === 'stored'
    ? [label, place.epoch, place.began, place.facts, place.orderId]
    : [label, place.epoch, place.known, place.read, place.within]

const fromEntry = ([_, epoch, a, b, last]: Entry): FeedPlace =>
  feedPlaceSchema.parse(
    typeof last === 'string'
      ? { part: 'stored', epoch, began: a, facts: b, orderId: last }
      : { part: 'new', epoch, known: a, read: b, within: last },
  )

const texts = cursorTexts({ entry: entrySchema, toEntry, fromEntry })

/** Opaque to callers, and safe in an address. */
export const encodeFeedCursor: (cursor: FeedCursor) => string = texts.encode

/** `undefined` for what is no cursor of the order feed. */
export const decodeFeedCursor: (text: string) => FeedCursor | undefined = texts.decode
