import type { ProductLag, ProductStart } from '../contracts/product-consumers.ts'
import type { Instant } from '../kernel/instant.ts'
import { refusal } from '../kernel/result.ts'
import { type MeasuredPartitions, measureReaders, placesAt } from '../messaging/feed-lag.ts'
import { decodeProductCursor, encodeProductCursor, type ProductPlace } from './product-feed.ts'

/** The stock partitions, as the consumers of their feed need them beside reading. */
type ConsumerPartitions = MeasuredPartitions<ProductPlace, 'place_unknown'> & {
  placeAt(label: string, start: ProductStart, newEpoch: string): Promise<ProductPlace>
}

/** A cursor of the product feed for a reader that begins there. Switches the feed on in every partition. */
export const cursorAt = async (
  { labels, placeAt }: ConsumerPartitions,
  start: ProductStart,
  newEpoch: string,
): Promise<string> => encodeProductCursor(await placesAt(labels, (label) => placeAt(label, start, newEpoch)))

/** The lag of a consumer at each of these cursors, in one call of each partition. */
export const measureCursors = async (
  partitions: ConsumerPartitions,
  cursors: readonly string[],
  now: Instant,
): Promise<ProductLag[]> => {
  const lags = await measureReaders(partitions, cursors.map(decodeProductCursor), now)
  return lags.map((lag) => (lag.ok ? lag : refusal('cursor_refused')))
}
