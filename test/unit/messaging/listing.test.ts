import { describe, expect, it } from 'vitest'
import {
  LISTING_DELAY_MS,
  LISTING_RETRY_MS,
  nextListingAt,
  tryListing,
} from '../../../src/messaging/listing.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

const list = async (write: () => Promise<void>) => {
  const memory = createMemoryHost()
  const about = { orders: 2 }
  const isListed = await tryListing(memory.host, { write, failure: 'orders could not be listed', about })
  return { isListed, lines: memory.lines }
}

describe('a list in a read model', () => {
  it('is written, and nothing is logged', async () => {
    expect(await list(async () => {})).toEqual({ isListed: true, lines: [] })
  })

  it('may fail: the log says what was not written, and no error leaves', async () => {
    const { isListed, lines } = await list(async () => {
      throw new Error('database away')
    })
    expect(isListed).toBe(false)
    const fields = { orders: 2, error: 'Error: database away' }
    expect(lines).toEqual([{ message: 'orders could not be listed', fields }])
  })

  it('is left alone for longer after it failed', () => {
    expect(nextListingAt(1_000, { isListed: true })).toBe(1_000 + LISTING_DELAY_MS)
    expect(nextListingAt(1_000, { isListed: false })).toBe(1_000 + LISTING_RETRY_MS)
  })
})
