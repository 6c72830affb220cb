import { expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import { createChangeWaits } from '../../../src/messaging/change-waits.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

const limits = { total: 5, perBearer: 4, perOrder: 3 }

const waitingFor = (
  waiting: ReturnType<typeof createChangeWaits>,
  orderId: string,
  bearer: string,
  ms = MINUTE_MS,
) => waiting.nextChange({ orderId, bearer, limits }, ms)

it('lets no more wait than a partition can hold, and those that left made room', async () => {
  const waiting = createChangeWaits(createMemoryHost().host)
  const flood = ['a', 'b', 'c', 'd'].map((orderId) => waitingFor(waiting, orderId, 'flood'))
  const shop = waitingFor(waiting, 'e', 'shop')
  const another = waitingFor(waiting, 'f', 'another')
  expect(await flood[0]).toBe('crowded')
  for (const orderId of ['b', 'c', 'd', 'e', 'f']) waiting.notify(orderId)
  expect(await Promise.all([...flood.slice(1), shop, another])).toEqual(
    Array.from({ length: 5 }, () => 'changed'),
  )
  expect(await waitingFor(waiting, 'g', 'shop', 1)).toBe('unchanged')
})

it('wakes no wait for another order', async () => {
  const waiting = createChangeWaits(createMemoryHost().host)
  const wait = waitingFor(waiting, 'a', 'shop', 1)
  waiting.notify('b')
  expect(await wait).toBe('unchanged')
})
