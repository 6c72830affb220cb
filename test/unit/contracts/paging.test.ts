import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  decodeCursor,
  encodeCursor,
  IS_OF_ANOTHER_LIST,
  listName,
  PAGE_SIZE,
  PAGE_SIZE_MAX,
  type Position,
  pageQuery,
  toPage,
} from '../../../src/contracts/paging.ts'

const query = z.strictObject(pageQuery)

const page = { list: 'names', limit: 2 }

const byName = {
  item: (name: string) => name.toUpperCase(),
  position: (name: string): Position => [name, ''],
}

describe('a cursor', () => {
  it.each<Position>([
    ['', ''],
    ['1795435200000', 'ord_0_01m844dzg00000000000000000'],
    ['Ä€😀', '"},[/+='],
    ['\u0000', '\ud800'],
  ])('comes back as it went: %j', (...position) => {
    expect(decodeCursor(encodeCursor({ list: 'x', position }))).toEqual({ list: 'x', position })
  })

  it('fits into a URL as it is', () => {
    expect(encodeCursor({ list: 'x', position: ['>>>???ÿÿÿ', '~~~'] })).toMatch(/^[A-Za-z0-9_-]+$/)
  })

  it.each([
    ['nothing', ''],
    ['no base 64', '%%%'],
    ['no JSON', btoa('hello')],
    ['a broken escape', btoa('%E0%A4%A')],
    ['another shape', btoa('{"a":1}')],
    ['of one part', btoa('["a"]')],
    ['of two parts, as before lists had names', btoa('["a","b"]')],
    ['of four parts', btoa('["a","b","c","d"]')],
    ['of numbers', btoa('[1,2,3]')],
  ])('is refused when it is %s', (_, cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined()
  })
})

describe('the name of a list', () => {
  it('is the same however its filters are written down', () => {
    const name = listName('orders', { status: 'pending', reference: 'web-1' })
    expect(listName('orders', { reference: 'web-1', customerId: undefined, status: 'pending' })).toBe(name)
  })

  it('is another for another list, filter, or value of a filter', () => {
    const names = [
      listName('orders', {}),
      listName('payments', {}),
      listName('orders', { customerId: 'a' }),
      listName('orders', { reference: 'a' }),
      listName('orders', { reference: 'b' }),
      listName('orders', { customerId: 'a', reference: 'b' }),
    ]
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('a page query', () => {
  it('asks for twenty from the beginning when it says nothing', () => {
    expect(query.parse({})).toEqual({ limit: PAGE_SIZE })
  })

  it('reads a limit and a cursor as they come in a URL', () => {
    const cursor = encodeCursor({ list: 'x', position: ['a', 'b'] })
    expect(query.parse({ limit: '100', cursor })).toEqual({ limit: PAGE_SIZE_MAX, cursor })
  })

  it.each(['0', '-1', '101', '1.5', 'many', ''])('refuses the limit "%s"', (limit) => {
    expect(query.safeParse({ limit }).success).toBe(false)
  })

  it('says what is wrong with a cursor', () => {
    expect(query.safeParse({ cursor: 'x' }).error?.issues).toMatchObject([
      { path: ['cursor'], message: IS_OF_ANOTHER_LIST },
    ])
  })

  it('refuses a cursor longer than any of ours', () => {
    expect(
      query.safeParse({ cursor: encodeCursor({ list: 'x', position: ['x'.repeat(1_024), ''] }) }).success,
    ).toBe(false)
  })
})

describe('toPage', () => {
  it('shows the limit, and where to go on from its last item', () => {
    expect(toPage(['a', 'b', 'c'], page, byName)).toEqual({
      items: ['A', 'B'],
      nextCursor: encodeCursor({ list: 'names', position: ['b', ''] }),
    })
  })

  it('has no next cursor on the last page, even when that is full', () => {
    expect(toPage(['a', 'b'], page, byName)).toEqual({ items: ['A', 'B'] })
  })

  it('is empty where there is nothing', () => {
    expect(toPage([], page, byName)).toEqual({ items: [] })
  })
})
