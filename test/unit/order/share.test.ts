import { describe, expect, it } from 'vitest'
import { ulid } from '../../../src/kernel/ids.ts'
import { partitionIndex } from '../../../src/kernel/partitions.ts'
import { shareOf } from '../../../src/order/partition-share.ts'

const BOUND = 20
const CUSTOMERS = 2_000

/** mulberry32, so that a failure can be repeated. */
const randomBytes = (seed: number) => (count: number) => {
  let state = seed
  return Uint8Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) & 0xff
  })
}

/** How many orders customers had open when a partition refused the next, where none is ever decided. */
const openAtFirstRefusal = (partitions: number): number[] => {
  const share = shareOf(BOUND, partitions)
  return Array.from({ length: CUSTOMERS }, (_, customer) => {
    const random = randomBytes(customer * 1_000 + partitions)
    const open = new Map<number, number>()
    for (let placed = 0; ; placed += 1) {
      const partition = partitionIndex(ulid(placed, random), partitions)
      const before = open.get(partition) ?? 0
      if (before === share) return placed
      open.set(partition, before + 1)
    }
  })
}

describe('the share of a bound', () => {
  it.each([1, 2, 3, 4, 8, 16, 64])(
    'refuses a customer at the bound or above it, on average and nine times of ten, with %i partitions',
    (partitions) => {
      const open = openAtFirstRefusal(partitions)
      expect(open.reduce((sum, each) => sum + each, 0) / CUSTOMERS).toBeGreaterThanOrEqual(BOUND)
      expect(open.filter((each) => each < BOUND).length / CUSTOMERS).toBeLessThan(0.1)
    },
  )

  it('is the documented one', () => {
    const partitions = [1, 2, 4, 8, 16, 64]
    expect(partitions.map((count) => shareOf(20, count))).toEqual([20, 14, 9, 6, 5, 3])
    expect(partitions.map((count) => shareOf(5, count))).toEqual([5, 4, 3, 3, 2, 2])
  })

  it('is no more than it has to be where the bound is large', () => {
    expect(shareOf(10_000, 2)).toBeGreaterThan(5_000)
    expect(shareOf(10_000, 2)).toBeLessThan(5_200)
  })

  it('lets one order through in every partition', () => {
    expect(shareOf(1, 1_024)).toBe(1)
  })
})
