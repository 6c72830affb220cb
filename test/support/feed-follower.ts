import type { FeedEvent } from '../../src/order/feed.ts'
import type { FeedCursor } from '../../src/order/feed-cursor.ts'
import { type FeedPartitions, readFeed } from '../../src/order/feed-reader.ts'

/** A reader of the order feed that keeps what it gets: the events of each order without repetitions, as they came first. */
export const createFeedFollower = (partitions: () => FeedPartitions) => {
  let cursor: FeedCursor | undefined
  let epochs = 0
  let received = new Map<string, FeedEvent[]>()

  const keep = (event: FeedEvent): void => {
    const known = received.get(event.partitionkey) ?? []
    if (known.some(({ sequence }) => sequence === event.sequence)) return
    received.set(event.partitionkey, [...known, event])
  }

  const readFrom = async (
    from: FeedPartitions,
    limit: number,
    newEpoch: string,
  ): Promise<number | undefined> => {
    const page = await readFeed(from, { cursor, limit, newEpoch })
    if (!page.ok) {
      cursor = undefined
      received = new Map()
      return undefined
    }
    for (const event of page.value.events) keep(event)
    cursor = page.value.cursor
    return page.value.events.length
  }

  return {
    /** Reads one page. A refused reader begins anew. Returns how many events came, `undefined` where it was refused. */
    read: async (limit: number, newEpoch?: string): Promise<number | undefined> => {
      epochs += 1
      return await readFrom(partitions(), limit, newEpoch ?? `epoch ${epochs}`)
    },

    /** The same, over other connections to the partitions. */
    readFrom,

    /** The ids of the events of each order. */
    received: (): Record<string, string[]> =>
      Object.fromEntries(Array.from(received, ([orderId, events]) => [orderId, events.map(({ id }) => id)])),

    /** Events of one order that came before an earlier one of it, or whose earlier one never came. */
    misplaced: (): string[] =>
      [...received.values()].flatMap((events) =>
        events.filter(({ sequence }, index) => Number(sequence) !== index + 1).map(({ id }) => id),
      ),
  }
}

export type FeedFollower = ReturnType<typeof createFeedFollower>
