import { createEvent, type EventOf } from '../contracts/events.ts'
import type { Instant } from '../kernel/instant.ts'
import { toMajor } from '../kernel/money.ts'
import { available, type Level } from './stock.ts'

export type Product = {
  productId: string
  name: string
  unitPriceMinor: number
  currency: string
  /** Grows by one with each change of name or price. */
  revision: number
}

export const isSameProduct = (left: Product, right: Omit<Product, 'revision'>): boolean =>
  left.name === right.name && left.unitPriceMinor === right.unitPriceMinor && left.currency === right.currency

export const productChanged = (
  product: Product,
  now: Instant,
  traceparent?: string,
): EventOf<'ProductChanged'> =>
  createEvent({
    type: 'ProductChanged',
    subject: product.productId,
    occurrence: String(product.revision),
    at: now,
    revision: product.revision,
    traceparent,
    data: {
      productId: product.productId,
      name: product.name,
      unitPrice: toMajor(product.unitPriceMinor, product.currency),
      currency: product.currency,
    },
  })

/** `StockDepleted` when the last available unit goes, `StockReplenished` when units are available again. */
export const levelCrossed = (
  before: Level,
  after: Level,
  at: { revision: number; now: Instant; traceparent?: string | undefined },
): EventOf<'StockDepleted' | 'StockReplenished'> | undefined => {
  const wasAvailable = available(before) > 0
  const isAvailable = available(after) > 0
  if (wasAvailable === isAvailable) return undefined
  return createEvent({
    type: isAvailable ? 'StockReplenished' : 'StockDepleted',
    subject: after.productId,
    occurrence: String(at.revision),
    at: at.now,
    revision: at.revision,
    traceparent: at.traceparent,
    data: { productId: after.productId, available: available(after) },
  })
}
