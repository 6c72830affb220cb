import { describe, expect, it } from 'vitest'
import { LISTING_RETRY_MS, listingAt, nextListingAt, tryListing } from '../../../src/messaging/listing.ts'
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

  it('is written at a whole second, so that all changes of a second share one write', () => {
    expect([1, 500, 1_000].map(listingAt)).toEqual([2_000, 2_000, 2_000])
    expect(nextListingAt(1_000, { isListed: true })).toBe(2_000)
  })

  it('is left alone for longer after it failed', () => {
    expect(nextListingAt(1_000, { isListed: false })).toBe(1_000 + LISTING_RETRY_MS)
  })
})
