import { expect, it } from 'vitest'
import { hash32 } from '../../../src/kernel/hash.ts'

/** Computed by a second implementation. A change here would move every product and order away from its data. */
const GOLDEN: [string, number][] = [
  ['', 2_872_998_923],
  ['a', 444_641_715],
  ['P001', 4_125_390_688],
  ['P002', 1_547_048_937],
  ['12345', 1_900_009_723],
  ['cust_1/key-1', 3_001_425_002],
  ['ü', 134_528_209],
  ['😀', 1_787_143_206],
]

it.each(GOLDEN)('of "%s" never changes', (text, hash) => {
  expect(hash32(text)).toBe(hash)
})

it('spreads near keys evenly', () => {
  const counts = [0, 0, 0, 0]
  for (let key = 0; key < 4_000; key += 1) {
    const index = hash32(`P${String(key).padStart(3, '0')}`) % 4
    counts[index] = (counts[index] ?? 0) + 1
  }
  expect(Math.min(...counts)).toBeGreaterThan(900)
})
