import { EVENTS_MAX } from '../contracts/external-order.ts'

/** The longest body that the API takes, in bytes. */
const BODY_BYTES_MAX = 64 * 1024

/** The body of one `POST /events`. */
export const batchBody = (batch: readonly { text: string }[]): string =>
  `[${batch.map(({ text }) => text).join(',')}]`

/** Batches for one `POST /events` each. An event that is too large for any request is alone. */
export const messageBatches = <Event extends { text: string }>(events: readonly Event[]): Event[][] =>
  batchesWithin(events, {
    itemsMax: EVENTS_MAX,
    bytesMax: BODY_BYTES_MAX - '[]'.length,
    bytesOf: ({ text }) => bytesIn(text) + ','.length,
  })

export type BatchBounds<Item> = { itemsMax: number; bytesMax: number; bytesOf(item: Item): number }

/** Batches in order, each as large as it may be. An item that is too large for any batch is alone. */
export const batchesWithin = <Item>(items: readonly Item[], bounds: BatchBounds<Item>): Item[][] => {
  const batches: Item[][] = []
  let room = 0
  for (const item of items) {
    const bytes = bounds.bytesOf(item)
    const last = batches.at(-1)
    if (last === undefined || bytes > room || last.length === bounds.itemsMax) {
      batches.push([item])
      room = bounds.bytesMax - bytes
    } else {
      last.push(item)
      room -= bytes
    }
  }
  return batches
}

export const bytesIn = (text: string): number => new TextEncoder().encode(text).length
