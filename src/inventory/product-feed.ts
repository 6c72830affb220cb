import { z } from 'zod'
import { fromBase64Url, toBase64Url } from '../kernel/base64url.ts'
import { toMajor } from '../kernel/money.ts'
import type { Result } from '../kernel/result.ts'
import type { FeedPage, FeedRequest, Places } from '../messaging/feed-reader.ts'
import type { Product } from './product.ts'
import { available, type Level } from './stock.ts'

/**
 * How far a reader of the product feed is in one partition. The feed is read in two parts: first all products that there
 * are, by their ids, then the rows that changed later, by their positions.
 */
export type ProductPlace =
  /** `began` is the last position when the reader began, and `after` the product that was read last. */
  | { part: 'stored'; epoch: string; began: number; after: string }
  /** Every row up to the position `read` was read. */
  | { part: 'new'; epoch: string; read: number }

/** The product as it is now: its newest version, whatever the versions before were. */
export type ProductEvent = {
  specversion: '1.0'
  id: string
  source: '/inventory'
  type: 'ProductState'
  schemaversion: 1
  subject: string
  datacontenttype: 'application/json'
  data: {
    productId: string
    name: string
    /** In major units, as everywhere in the API. */
    unitPrice: number
    currency: string
    onHand: number
    reserved: number
    available: number
  }
  /** The product's id. Versions of one product come in order. */
  partitionkey: string
  /** The version as decimal digits with leading zeros. It grows with each change of the product or of its stock. */
  sequence: string
}

export type ProductFeedRequest = FeedRequest<ProductPlace>

export type ProductFeedPage = FeedPage<ProductEvent, ProductPlace>

/** The feed was switched off since, or the place is of another deployment. */
export type ProductFeedReply = Result<ProductFeedPage, 'place_unknown'>

/** A product has hundreds of versions a day, and digits enough for thousands of years. Texts sort as the numbers do. */
const SEQUENCE_DIGITS = 10

/** Each change of a row raises one of its two revisions by one. */
export const productEvent = (row: Product & Level & { levelRevision: number }): ProductEvent => {
  const { productId, name, unitPriceMinor, currency, onHand, reserved } = row
  const version = row.revision + row.levelRevision
  return {
    ...{ specversion: '1.0', id: `${productId}/ProductState/${version}`, source: '/inventory' },
    ...{ type: 'ProductState', schemaversion: 1, subject: productId, datacontenttype: 'application/json' },
    data: {
      ...{ productId, name, unitPrice: toMajor(unitPriceMinor, currency), currency },
      ...{ onHand, reserved, available: available(row) },
    },
    partitionkey: productId,
    sequence: String(version).padStart(SEQUENCE_DIGITS, '0'),
  }
}

export type ProductCursor = Places<ProductPlace>

/** Opaque to callers, and safe in an address. */
export const encodeProductCursor = ({ places, next }: ProductCursor): string =>
  toBase64Url(JSON.stringify([next, ...Array.from(places, toEntry)]))

/** `undefined` for what is no cursor of the product feed. */
export const decodeProductCursor = (text: string): ProductCursor | undefined => {
  try {
    const [next, ...entries] = cursorSchema.parse(JSON.parse(fromBase64Url(text)))
    return { next, places: new Map(entries.map(fromEntry)) }
  } catch {
    return undefined
  }
}

/** Short, because one stands in the cursor for each partition. A text at the end says that it is in the first part. */
const entrySchema = z.union([
  z.tuple([z.string(), z.string(), z.int().min(0)]),
  z.tuple([z.string(), z.string(), z.int().min(0), z.string()]),
])

const cursorSchema = z.tuple([z.int().min(0)], entrySchema)

const toEntry = ([label, place]: [string, ProductPlace]): z.infer<typeof entrySchema> =>
  place.part === 'stored' ? [label, place.epoch, place.began, place.after] : [label, place.epoch, place.read]

const fromEntry = ([label, epoch, position, after]: z.infer<typeof entrySchema>): [string, ProductPlace] => [
  label,
  after === undefined
    ? { part: 'new', epoch, read: position }
    : { part: 'stored', epoch, began: position, after },
]
