import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  decodeCursor,
  encodeCursor,
  PAGE_SIZE,
  PAGE_SIZE_MAX,
  type Position,
  pageQuery,
  toPage,
} from '../../../src/contracts/paging.ts'

const query = z.strictObject(pageQuery)

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
    expect(decodeCursor(encodeCursor(position))).toEqual(position)
  })

  it('fits into a URL as it is', () => {
    expect(encodeCursor(['>>>???ÿÿÿ', '~~~'])).toMatch(/^[A-Za-z0-9_-]+$/)
  })

  it.each([
    ['nothing', ''],
    ['no base 64', '%%%'],
    ['no JSON', btoa('hello')],
    ['a broken escape', btoa('%E0%A4%A')],
    ['another shape', btoa('{"a":1}')],
    ['one part', btoa('["a"]')],
    ['three parts', btoa('["a","b","c"]')],
    ['numbers', btoa('[1,2]')],
  ])('is refused when it is %s', (_, cursor) => {
    expect(decodeCursor(cursor)).toBeUndefined()
  })
})

describe('a page query', () => {
  it('asks for twenty from the beginning when it says nothing', () => {
    expect(query.parse({})).toEqual({ limit: PAGE_SIZE })
  })

  it('reads a limit and a cursor as they come in a URL', () => {
    const cursor = encodeCursor(['a', 'b'])
    expect(query.parse({ limit: '100', cursor })).toEqual({ limit: PAGE_SIZE_MAX, cursor })
  })

  it.each(['0', '-1', '101', '1.5', 'many', ''])('refuses the limit "%s"', (limit) => {
    expect(query.safeParse({ limit }).success).toBe(false)
  })

  it('says what is wrong with a cursor', () => {
    expect(query.safeParse({ cursor: 'x' }).error?.issues).toMatchObject([
      { path: ['cursor'], message: 'is not a cursor of this list' },
    ])
  })

  it('refuses a cursor longer than any of ours', () => {
    expect(query.safeParse({ cursor: encodeCursor(['x'.repeat(1_024), '']) }).success).toBe(false)
  })
})

describe('toPage', () => {
  it('shows the limit, and where to go on from its last item', () => {
    expect(toPage(['a', 'b', 'c'], 2, byName)).toEqual({
      items: ['A', 'B'],
      nextCursor: encodeCursor(['b', '']),
    })
  })

  it('has no next cursor on the last page, even when that is full', () => {
    expect(toPage(['a', 'b'], 2, byName)).toEqual({ items: ['A', 'B'] })
  })

  it('is empty where there is nothing', () => {
    expect(toPage([], 2, byName)).toEqual({ items: [] })
  })
})
