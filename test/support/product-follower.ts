import {
  decodeProductCursor,
  encodeProductCursor,
  type ProductEvent,
  type ProductPlace,
} from '../../src/inventory/product-feed.ts'
import { type FeedPartitions, readPages } from '../../src/messaging/feed-reader.ts'

/** A reader of the product feed that keeps its cursor as text, and the versions of each product as they came first. */
export const createProductFollower = () => {
  let cursor: string | undefined
  let received = new Map<string, ProductEvent[]>()

  const keep = (event: ProductEvent): void => {
    const known = received.get(event.partitionkey) ?? []
    if (!known.some(({ sequence }) => sequence === event.sequence))
      received.set(event.partitionkey, [...known, event])
  }

  const newest = (): Map<string, ProductEvent> =>
    new Map(Array.from(received, ([productId, versions]) => [productId, versions.reduce(later)]))

  return {
    /** Reads one page. A refused reader begins anew. Returns how many events came, `undefined` where it was refused. */
    read: async (
      partitions: FeedPartitions<ProductEvent, ProductPlace>,
      limit: number,
      newEpoch: string,
    ): Promise<number | undefined> => {
      const from = cursor === undefined ? undefined : decodeProductCursor(cursor)
      const page = await readPages(partitions, { cursor: from, limit, newEpoch })
      if (!page.ok) {
        cursor = undefined
        received = new Map()
        return undefined
      }
      for (const event of page.value.events) if (event.type === 'ProductState') keep(event)
      cursor = encodeProductCursor(page.value.cursor)
      return page.value.events.length
    },

    received: (): ProductEvent[] => [...received.values()].flat(),

    /** The last version of each product. */
    newest,

    /** Versions that came after a later one of their product. */
    overtaken: (): string[] =>
      [...received.values()].flatMap((versions) =>
        versions
          .filter(({ sequence }, index) => (versions[index - 1]?.sequence ?? '') > sequence)
          .map(({ id }) => id),
      ),
  }
}

export type ProductFollower = ReturnType<typeof createProductFollower>

const later = (one: ProductEvent, other: ProductEvent): ProductEvent =>
  one.sequence > other.sequence ? one : other
