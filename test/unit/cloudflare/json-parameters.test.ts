import { expect, it } from 'vitest'
import { jsonParameters } from '../../../src/cloudflare/json-parameters.ts'

const D1_VALUE_BYTES_MAX = 2_000_000

it('is nothing for no rows', () => {
  expect(jsonParameters([])).toEqual([])
})

it('is one array for few rows', () => {
  expect(jsonParameters([{ a: 1 }, { a: 'é"' }]).map((text) => JSON.parse(text))).toEqual([
    [{ a: 1 }, { a: 'é"' }],
  ])
})

it('keeps every row, in its order, and no array larger than a bound value may be', () => {
  const rows = Array.from({ length: 500 }, (_, index) => ({ index, text: '€'.repeat(index * 40) }))
  const texts = jsonParameters(rows)
  expect(texts.flatMap((text) => JSON.parse(text))).toEqual(rows)
  const sizes = texts.map((text) => new TextEncoder().encode(text).length)
  expect(Math.max(...sizes)).toBeLessThan(D1_VALUE_BYTES_MAX)
  expect(texts.length).toBeLessThan(20)
})
