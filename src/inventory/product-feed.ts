import { z } from 'zod'
import { toMajor } from '../kernel/money.ts'
import type { Result } from '../kernel/result.ts'
import { cursorTexts, type FeedCursor } from '../messaging/feed-cursor.ts'
import type { PartitionLag } from '../messaging/feed-lag.ts'
import type { FeedPage, FeedRequest } from '../messaging/feed-reader.ts'
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

/** What a reader has yet to get: products, not versions, because only the newest version of each comes. */
export type ProductLagReply = Result<PartitionLag, 'place_unknown'>

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

export type ProductCursor = FeedCursor<ProductPlace>

/** A text at the end says that a place is in the first part. */
const entrySchema = z.union([
  z.tuple([z.string(), z.string(), z.int().min(0)]),
  z.tuple([z.string(), z.string(), z.int().min(0), z.string()]),
])

type Entry = z.infer<typeof entrySchema>

const toEntry = (label: string, place: ProductPlace): Entry =>
  place.part === 'stored' ? [label, place.epoch, place.began, place.after] : [label, place.epoch, place.read]

const fromEntry = ([_, epoch, position, after]: Entry): ProductPlace =>
  after === undefined
    ? { part: 'new', epoch, read: position }
    : { part: 'stored', epoch, began: position, after }

const texts = cursorTexts({ entry: entrySchema, toEntry, fromEntry })

/** Opaque to callers, and safe in an address. */
export const encodeProductCursor: (cursor: ProductCursor) => string = texts.encode

/** `undefined` for what is no cursor of the product feed. */
export const decodeProductCursor: (text: string) => ProductCursor | undefined = texts.decode
