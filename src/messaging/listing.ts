import { type Instant, SECOND_MS, wholeSecondFrom } from '../kernel/instant.ts'
import type { PartitionHost } from './partition.ts'

/** A row reaches the read model this long after it changed: most have come to rest by then, and are listed once. */
const LISTING_DELAY_MS = SECOND_MS
/** How long the read model is left alone after it failed. */
export const LISTING_RETRY_MS = 5 * SECOND_MS

type Listing = {
  write(): Promise<void>
  /** For the log, where it fails. */
  failure: string
  about: Record<string, unknown>
}

/** Writes to a read model. False where that failed: it is written later, and no event waits for it. */
export const tryListing = async (
  { log }: Pick<PartitionHost, 'log'>,
  { write, failure, about }: Listing,
): Promise<boolean> => {
  try {
    await write()
    return true
  } catch (error) {
    log('warn', failure, { ...about, error: String(error) })
    return false
  }
}

/** When a row that changes now is listed: all rows of a second share one alarm and one write. */
export const listingAt = (now: Instant): Instant => wholeSecondFrom(now + LISTING_DELAY_MS)

/** When a row that the read model does not have is listed next. */
export const nextListingAt = (now: Instant, { isListed }: { isListed: boolean }): Instant =>
  isListed ? listingAt(now) : wholeSecondFrom(now + LISTING_RETRY_MS)
