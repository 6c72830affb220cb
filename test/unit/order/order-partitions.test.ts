import { describe, expect, it } from 'vitest'
import { labelOfOrder, type PartitionCounts } from '../../../src/kernel/partitions.ts'
import type { OrderObject } from '../../../workers/order/order-object.ts'
import { createOrderPartitions } from '../../../workers/order/order-partitions.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'

/** The platform's namespace, as far as it is used here: it names an object. */
const namespace = { getByName: (name: string) => name } as unknown as DurableObjectNamespace<OrderObject>
const partitionsOf = (counts: PartitionCounts) => createOrderPartitions(namespace, counts)
const KEYS = Array.from({ length: 100 }, (_, index) => `shop/key-${index}`)

describe('a new order', () => {
  it('gets an id that leads to its partition', () => {
    const { label, orderId } = partitionsOf([4]).assign(undefined, NOW)
    expect(labelOfOrder(orderId, [4])).toBe(label)
  })

  it('lies in the same partition for the same idempotency key', () => {
    const labels = (key: string) => [1, 2].map(() => partitionsOf([4]).assign(key, NOW).label)
    expect(KEYS.filter((key) => new Set(labels(key)).size > 1)).toEqual([])
  })

  it('may lie in any partition', () => {
    const labels = new Set(KEYS.map((key) => partitionsOf([4]).assign(key, NOW).label))
    expect([...labels].toSorted()).toEqual(['0', '1', '2', '3'])
  })

  it('never gets the same id twice', () => {
    const ids = new Set(KEYS.map(() => partitionsOf([4]).assign('one key', NOW).orderId))
    expect(ids.size).toBe(KEYS.length)
  })
})

describe('the partition of an order', () => {
  it('is named by its label', () => {
    expect(partitionsOf([4]).of(ORDER_ID)).toBe('orders-0')
  })

  it('is none for an id that no order can have', () => {
    expect(partitionsOf([4]).of('ord_x')).toBeUndefined()
  })
})

describe('a request repeated after the deployment has grown', () => {
  it('is looked for wherever its key has led before', () => {
    const grown = partitionsOf([2, 4])
    const places = (key: string) => {
      const { label } = grown.assign(key, NOW)
      return [label, ...grown.earlierLabels(key, label)]
    }
    const first = (key: string) => partitionsOf([2]).assign(key, NOW).label
    expect(KEYS.filter((key) => !places(key).includes(first(key)))).toEqual([])
  })

  it('is looked for in one place where its key leads there still', () => {
    const { label } = partitionsOf([2]).assign('key', NOW)
    expect(partitionsOf([2]).earlierLabels('key', label)).toEqual([])
  })
})
