import { expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { createWaiting } from '../../../workers/order/waiting.ts'

const PARTITION_MAX = 5_000
const orderIds = Array.from({ length: PARTITION_MAX }, (_, index) => `ord_0_${index}`)

it('lets no more wait than a partition can hold, and those who left make room', async () => {
  const waiting = createWaiting()
  const waits = orderIds.map((orderId) => waiting.nextChange(orderId, MINUTE_MS))
  expect(await waiting.nextChange('ord_0_new', MINUTE_MS)).toBe('crowded')
  waiting.tell('ord_0_0')
  expect(await waits[0]).toBe('changed')
  expect(await waiting.nextChange('ord_0_new', 1)).toBe('unchanged')
  orderIds.map(waiting.tell)
  expect(new Set(await Promise.all(waits))).toEqual(new Set(['changed']))
})

it('wakes nobody who waits for another order', async () => {
  const waiting = createWaiting()
  const wait = waiting.nextChange('ord_0_a', 1)
  waiting.tell('ord_0_b')
  expect(await wait).toBe('unchanged')
})
