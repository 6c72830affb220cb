import { describe, expect, it } from 'vitest'
import {
  decodeProductCursor,
  encodeProductCursor,
  type ProductPlace,
} from '../../../src/inventory/product-feed.ts'
import { isReachable, withTestEvent } from '../../../src/messaging/feed-cursor.ts'
import { decodeFeedCursor, encodeFeedCursor } from '../../../src/order/feed-cursor.ts'

const TEST_ID = '01m84cect7ws6kqky32zvfd1pr'

const products = (places: Record<string, ProductPlace>, next = 0) =>
  encodeProductCursor({ next, places: new Map(Object.entries(places)) })

const caughtUp = (epoch: string, read = 3): ProductPlace => ({ part: 'new', epoch, read })

const orders = (epoch: string) =>
  encodeFeedCursor({
    next: 0,
    places: new Map([['0', { part: 'new' as const, epoch, known: 1, read: 1, within: 0 }]]),
  })

describe('a cursor of the product feed', () => {
  it('is the same after its way through text', () => {
    const cursor = {
      next: 1,
      places: new Map<string, ProductPlace>([
        ['0', { part: 'stored', epoch: 'e1', began: 4, after: 'P001' }],
        ['1', caughtUp('e2')],
      ]),
    }
    expect(encodeProductCursor(cursor)).toMatch(/^[\w-]+$/)
    expect(decodeProductCursor(encodeProductCursor(cursor))).toEqual(cursor)
  })

  it('is no cursor of the order feed, nor the other way round', () => {
    expect(decodeFeedCursor(products({ 0: caughtUp('e1') }))).toBeUndefined()
    expect(decodeProductCursor(orders('e1'))).toBeUndefined()
  })
})

describe('a cursor of any feed', () => {
  it('gets a test event, and keeps its places', () => {
    const cursor = products({ 0: caughtUp('e1') })
    expect(decodeProductCursor(withTestEvent(cursor, TEST_ID))).toEqual({
      ...{ next: 0, test: TEST_ID, places: new Map([['0', caughtUp('e1')]]) },
    })
    expect(decodeFeedCursor(withTestEvent(orders('e1'), TEST_ID))).toMatchObject({ test: TEST_ID })
    expect(() => withTestEvent('none', TEST_ID)).toThrow('no cursor')
  })

  it('is reached from another one of the same epochs, which may know fewer partitions', () => {
    const both = products({ 0: caughtUp('e1', 9), 1: caughtUp('e2') }, 1)
    expect(isReachable(products({ 0: caughtUp('e1') }), both)).toBe(true)
    expect(isReachable(both, products({ 0: caughtUp('e1') }))).toBe(false)
    expect(isReachable(products({ 0: caughtUp('former') }), both)).toBe(false)
    expect(isReachable('none', both)).toBe(false)
    expect(isReachable(both, 'none')).toBe(false)
  })
})
