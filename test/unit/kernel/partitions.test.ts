import { describe, expect, it } from 'vitest'
import {
  currentCount,
  indexesOfKey,
  labelOfOrder,
  newOrderId,
  type PartitionCounts,
  parseOpenPartitionCounts,
  parsePartitionCounts,
  partitionCountsText,
  partitionIndex,
  partitionLabel,
  partitionLabels,
} from '../../../src/kernel/partitions.ts'

const ULID = '01m844dzg00000000000000000'
const SEVERAL: PartitionCounts = [4]

describe('parsePartitionCounts', () => {
  it.each([
    ['1', [1]],
    ['2,4', [2, 4]],
    [' 2 , 4 , 1024 ', [2, 4, 1_024]],
    ['2:1', { externalIds: 2, orders: [1] }],
    ['8 : 1 , 4', { externalIds: 8, orders: [1, 4] }],
  ])('reads "%s"', (text, counts) => {
    expect(parsePartitionCounts(text)).toEqual({ ok: true, value: counts })
  })

  it.each([
    '',
    '0',
    '-1',
    '1.5',
    'two',
    '2,',
    ',2',
    '1025',
    '2,4,1025',
    '0x10',
    '1e1',
    '+2',
    '2.0',
    '02',
    '2 4',
  ])('refuses "%s"', (text) => {
    expect(parsePartitionCounts(text)).toEqual({
      ok: false,
      reason: `"${text}" must be counts from 1 to 1024, such as "2" or "2,4"`,
    })
  })

  it.each(['4,2', '2,2', '1,4,3'])('refuses "%s", which takes partitions away', (text) => {
    expect(parsePartitionCounts(text)).toEqual({
      ok: false,
      reason: `"${text}" must grow from left to right: a partition that holds orders cannot go away`,
    })
  })

  it.each([':1', '0:1', '2.5:1', 'x:1'])('refuses "%s", whose count of external ids is none', (text) => {
    expect(parsePartitionCounts(text)).toEqual({
      ok: false,
      reason: `"${text}" must have a count from 1 to 1024 before the colon, such as "2:1,4"`,
    })
  })

  it.each(['2:', '2:4,1', '2:1:4'])('refuses "%s", whose counts of orders are none', (text) => {
    expect(parsePartitionCounts(text).ok).toBe(false)
  })

  it.each(['2,4', '2:1,4'])('reads "%s" as it is written', (text) => {
    const counts = parsePartitionCounts(text)
    expect(counts.ok && partitionCountsText(counts.value)).toBe(text)
  })

  it('takes an empty text as open', () => {
    expect(parseOpenPartitionCounts(' ')).toEqual({ ok: true, value: undefined })
    expect(parseOpenPartitionCounts('2,4')).toEqual({ ok: true, value: [2, 4] })
  })
})

describe('counts with one of their own for external ids', () => {
  const counts: PartitionCounts = { externalIds: 4, orders: [1, 2] }

  it('place new orders by the last count of orders, and external ids by theirs', () => {
    expect(currentCount(counts)).toBe(2)
    expect(labelOfOrder('12345', counts)).toBe('3')
    expect(partitionLabels(counts)).toEqual(['0', '1', '2', '3'])
    expect(labelOfOrder(newOrderId('3', ULID), counts)).toBe('3')
  })

  it('lead a key to the partitions of the counts of orders alone', () => {
    expect(indexesOfKey('12345', counts)).toEqual([0, 1])
  })
})

describe('partitionIndex', () => {
  it.each([
    ['P001', 4, 0],
    ['P002', 4, 1],
    ['12345', 4, 3],
    ['P001', 1, 0],
  ])('puts %s among %d at %d, for ever', (key, count, index) => {
    expect(partitionIndex(key, count)).toBe(index)
  })
})

describe('labels', () => {
  it('writes an index in base 36', () => {
    expect([0, 9, 10, 35, 36, 1_023].map(partitionLabel)).toEqual(['0', '9', 'a', 'z', '10', 'sf'])
  })

  it('lists each label once', () => {
    expect(partitionLabels([2, 4])).toEqual(['0', '1', '2', '3'])
  })

  it('places new orders by the last count', () => {
    expect(currentCount([2, 4, 8])).toBe(8)
  })
})

describe('labelOfOrder', () => {
  it('reads the label of an order of ours', () => {
    expect(labelOfOrder(newOrderId('3', ULID), SEVERAL)).toBe('3')
  })

  it('still finds an order that was placed before the deployment grew', () => {
    expect(labelOfOrder(newOrderId('1', ULID), [2, 64])).toBe('1')
  })

  it('finds no order in a partition that never was', () => {
    expect(labelOfOrder(newOrderId('4', ULID), SEVERAL)).toBeUndefined()
  })

  it('does not take another spelling of a label for the label', () => {
    expect(labelOfOrder(newOrderId('03', ULID), SEVERAL)).toBeUndefined()
  })

  it('places a foreign id by its hash among the first count', () => {
    expect(labelOfOrder('12345', SEVERAL)).toBe('3')
  })

  it('leaves a foreign id where it was when the deployment grows', () => {
    expect(labelOfOrder('12345', [4, 8, 64])).toBe('3')
  })

  it.each(['.', '..'])('still leads to an order that was taken as "%s", so that it is settled', (orderId) => {
    expect(labelOfOrder(orderId, [1])).toBe('0')
  })

  it.each(['x', 'ORD_1', 'a.b_c-d', 'x'.repeat(64)])('takes "%s" for a foreign id', (orderId) => {
    expect(labelOfOrder(orderId, [1])).toBe('0')
  })

  it.each([
    '',
    'ord_',
    'ord_0',
    `ord__${ULID}`,
    `ord_0_${ULID}0`,
    `ord_0_${ULID.slice(1)}`,
    `ord_0_${ULID.toUpperCase()}`,
    `ord_0_${ULID.replace('m', 'u')}`,
    `ord_00000_${ULID}`,
    `ord_0_${ULID}\n`,
    '12 345',
    '12345\n',
    'ä',
    'a/b',
    'x'.repeat(65),
  ])('finds no partition for %j', (orderId) => {
    expect(labelOfOrder(orderId, [1])).toBeUndefined()
  })
})
