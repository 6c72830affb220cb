import { describe, expect, it } from 'vitest'
import { differences } from '../../../src/contracts/shared-settings.ts'

describe('lists of partitions in two Workers', () => {
  const between = (ORDER_PARTITIONS: string, orders: string) =>
    differences({ ORDER_PARTITIONS }, { ORDER_PARTITIONS: orders })

  it.each([
    ['2', '2'],
    ['2', '2:1'],
    ['2:1,4', '2,4'],
  ])('may be %s and %s, under which a payment lies in the same place', (here, there) => {
    expect(between(here, there)).toEqual([])
  })

  it.each([
    ['2,4', '2,4,8'],
    ['1,4', '2:1,4'],
    ['2', '2:1,4'],
    ['many', '2'],
  ])('are named where they are %s and %s', (here, there) => {
    expect(between(here, there)).toEqual([
      `ORDER_PARTITIONS is ${here} here and ${there} at the order Worker, but a payment lies in the partition of its order. Set the same in wrangler.toml and workers/payment/wrangler.toml.`,
    ])
  })

  it('are not compared where one is not known', () => {
    expect(differences({}, { ORDER_PARTITIONS: '2' })).toEqual([])
  })
})

it('another currency is named', () => {
  expect(differences({ DEFAULT_CURRENCY: 'EUR' }, { DEFAULT_CURRENCY: 'USD' })).toHaveLength(1)
})
