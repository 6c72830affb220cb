import type { FeedPlace } from './feed.ts'
import type { FeedConsumer } from './feed-consumer.ts'
import { decodeFeedCursor } from './feed-cursor.ts'

/** The consumer of the order feed that is furthest behind in a partition. Orders with later positions stay for a time. */
export type HeldBack = { consumer: string; after: number }

type Partition = {
  label: string
  /** Whether a reader at this place can go on. One that cannot holds nothing back. */
  isReadable(place: FeedPlace): boolean
}

/** A consumer of the products holds no order back, and no movement either: its feed is the rows of the products. */
export const heldBackBy = (consumers: readonly FeedConsumer[], partition: Partition): HeldBack | undefined =>
  consumers
    .filter(({ feed }) => feed === 'orders')
    .flatMap((consumer) => heldBy(consumer, partition))
    .toSorted((left, right) => left.after - right.after)[0]

const heldBy = ({ name, cursor }: FeedConsumer, { label, isReadable }: Partition): HeldBack[] => {
  const places = decodeFeedCursor(cursor)?.places
  if (places === undefined) return []
  const place = places.get(label)
  if (place !== undefined && !isReadable(place)) return []
  return [{ consumer: name, after: place?.part === 'new' ? place.read : NOTHING_READ }]
}

/** Of a consumer that is not through with the stored orders, or does not know the partition yet. */
const NOTHING_READ = -1
