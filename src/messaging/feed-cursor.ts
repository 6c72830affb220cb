import { z } from 'zod'
import { fromBase64Url, toBase64Url } from '../kernel/base64url.ts'

/** How far a reader is: its place in each partition, by the partition's label. */
export type Places<Place> = {
  places: ReadonlyMap<string, Place>
  /** The partition that is read first, by its number: where a page has no room for all of them, each has its turn. */
  next: number
}

/** How far a reader of a feed is. */
export type FeedCursor<Place> = Places<Place> & {
  /** The id of a test event, which is a page of its own before all others. */
  test?: string
}

/** A place as it stands in a cursor. It is short, because there is one for each partition. */
type Entry = [label: string, epoch: string, ...rest: unknown[]]

/** How the places of a feed become a cursor's text, which is opaque to callers and safe in an address. */
export const cursorTexts = <Place, Stored extends Entry>(form: {
  entry: z.ZodType<Stored>
  toEntry(label: string, place: Place): Stored
  fromEntry(entry: Stored): Place
}) => {
  const cursorSchema = z.tuple([headSchema], form.entry)
  return {
    encode: ({ places, next, test }: FeedCursor<Place>): string => {
      const entries = Array.from(places, ([label, place]) => form.toEntry(label, place))
      return toBase64Url(JSON.stringify([test === undefined ? next : [next, test], ...entries]))
    },

    /** `undefined` for what is no cursor of this feed. */
    decode: (text: string): FeedCursor<Place> | undefined => {
      try {
        const [head, ...entries] = cursorSchema.parse(JSON.parse(fromBase64Url(text)))
        const places = new Map(entries.map((entry) => [entry[0], form.fromEntry(entry)]))
        return typeof head === 'number' ? { next: head, places } : { next: head[0], test: head[1], places }
      } catch {
        return undefined
      }
    },
  }
}

const nextSchema = z.int().min(0)
const headSchema = z.union([nextSchema, z.tuple([nextSchema, z.string().max(64)])])

/** What all feeds have in common: a place begins with the epoch of its partition. The rest only the feed itself knows. */
const { encode, decode } = cursorTexts<Entry, Entry>({
  entry: z.tuple([z.string(), z.string()], z.unknown()),
  toEntry: (_, entry) => entry,
  fromEntry: (entry) => entry,
})

/** The same cursor with a test event before its next page. Throws for what is no cursor. */
export const withTestEvent = (cursor: string, test: string): string => {
  const decoded = decode(cursor)
  if (decoded === undefined) throw new Error('Broken invariant: this is no cursor of a feed')
  return encode({ ...decoded, test })
}

/**
 * Whether a reader can have come from one cursor of a feed to the other: the places of all its partitions are in the same
 * epochs.
 */
export const isReachable = (from: string, to: string): boolean => {
  const [begin, end] = [decode(from), decode(to)]
  if (begin === undefined || end === undefined) return false
  return Array.from(begin.places).every(([label, [, epoch]]) => end.places.get(label)?.[1] === epoch)
}
