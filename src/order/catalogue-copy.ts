import type { Instant } from '../kernel/instant.ts'
import type { Product } from './pricing.ts'

/** A price may be this old when an order is priced. For a caller it is as if the order had come a moment earlier. */
const FRESH_MS = 2_000
/** From this age on one order asks what changed, while the others still use the copy. */
const REFRESH_MS = 1_500
/** That order may fail. Then another one asks. */
const CLAIM_MS = 250
/** About three megabytes of an isolate's 128. */
const PRODUCTS_MAX = 10_000

/** What one read of the catalogue found, at one moment. */
export type CatalogueRead = {
  /** The changes after this number were asked for. Undefined: none were asked for. */
  since: number | undefined
  /** Each change of the catalogue has a number, and a later one a higher number. This is the last one's. */
  changeNumber: number
  /** The products that were asked for by their ids. */
  named: readonly Product[]
  /** The products that changed after `since`, or some of them. */
  changed: readonly Product[]
  /** More products changed than one read may have. */
  isCut: boolean
  /** The products whose new orders are paused, all of them: see `ALL_PRODUCTS`. */
  pauses: ReadonlySet<string>
}

/**
 * Remembers products. One number says up to which change the whole copy is right, so that one read can refresh all
 * products. Reads run at the same time and may end in another order than they began.
 */
export const createCatalogueCopy = () => {
  const products = new Map<string, Product>()
  let changeNumber: number | undefined
  let confirmedAt = Number.NEGATIVE_INFINITY
  let claimedAt = Number.NEGATIVE_INFINITY
  let pauses: ReadonlySet<string> = new Set()
  let pausesReadAt = Number.NEGATIVE_INFINITY

  /** A read that another one overtook, and one that does not say what changed since the copy, would leave it wrong. */
  const follows = (read: CatalogueRead): boolean => {
    if (changeNumber === undefined || read.changeNumber === changeNumber) return true
    return read.changeNumber > changeNumber && read.since !== undefined && read.since <= changeNumber
  }

  const forgetOldest = (): void => {
    for (const [id] of products) {
      if (products.size <= PRODUCTS_MAX) return
      products.delete(id)
    }
  }

  return {
    /** The change up to which the copy is right. Undefined before the first read. */
    changeNumber: (): number | undefined => changeNumber,

    /** The products whose new orders are paused, as the latest read has them. */
    pauses: (): ReadonlySet<string> => pauses,

    pick: (productIds: readonly string[]): Map<string, Product> => {
      const found = new Map<string, Product>()
      for (const id of productIds) {
        const product = products.get(id)
        if (product !== undefined) found.set(id, product)
      }
      return found
    },

    /** Whether the caller has to read what changed. While the copy is good, one caller at a time has to. */
    claimRead: (now: Instant): boolean => {
      const ageMs = now - confirmedAt
      if (ageMs >= FRESH_MS) return true
      if (ageMs < REFRESH_MS || now - claimedAt < CLAIM_MS) return false
      claimedAt = now
      return true
    },

    /** Takes in a read that began at `startedAt`. */
    update: (read: CatalogueRead, startedAt: Instant): void => {
      if (startedAt >= pausesReadAt) {
        pauses = read.pauses
        pausesReadAt = startedAt
      }
      if (!follows(read)) return
      if (read.isCut) products.clear()
      for (const row of read.changed) if (products.has(row.productId)) products.set(row.productId, row)
      for (const row of read.named) products.set(row.productId, row)
      changeNumber = read.changeNumber
      confirmedAt = Math.max(confirmedAt, startedAt)
      forgetOldest()
    },
  }
}
