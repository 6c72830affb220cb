import { describe, expect, it } from 'vitest'
import { illFormedTexts } from '../../../src/kernel/well-formed.ts'

describe('text with half of a surrogate pair', () => {
  it.each([
    ['in a text', '\ud800', [[]]],
    ['at the end of a text', 'abc\udbff', [[]]],
    ['the halves the wrong way round', { a: '\udc00\ud800' }, [['a']]],
    ['deep inside', { a: [1, { b: ['ok', '\udfff'] }] }, [['a', 1, 'b', 1]]],
    ['in the name of a field', { metadata: { '\ud800': 'x' } }, [['metadata', '\ud800']]],
    ['in two places', ['\ud800', 'ok', '\ud801'], [[0], [2]]],
  ])('is found %s', (_, value, paths) => {
    expect(illFormedTexts(value)).toEqual(paths)
  })

  it.each([
    [null],
    [7],
    ['👩‍👩‍👧‍👦'],
    ['\ufffd\ufeff\u0000'],
    [{ a: ['\ud83d\ude00', true, null], '\u{1f4b8}': {} }],
    [[]],
  ])('is not in %j', (value) => {
    expect(illFormedTexts(value)).toEqual([])
  })

  it('is named in twenty places at most', () => {
    expect(illFormedTexts(Array.from({ length: 50_000 }, () => '\ud800'))).toHaveLength(20)
  })
})
