import { expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { createHourlyAllowance } from '../../../src/messaging/hourly-allowance.ts'
import { NOW } from '../../support/builders.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

const start = (most = 2) => {
  const memory = createMemoryHost({ now: NOW + 10 * MINUTE_MS })
  const allowance = createHourlyAllowance(memory.host, most)
  return { memory, allowance, count: (client: string) => memory.host.turn(() => allowance.count(client)) }
}

it('ends for a client after so many, until the hour is over, and for no other client', () => {
  const { memory, allowance, count } = start()
  count('shop')
  expect(allowance.retryAfterSeconds('shop')).toBeUndefined()
  count('shop')
  expect([allowance.retryAfterSeconds('shop'), allowance.retryAfterSeconds('other')]).toEqual([
    3_000,
    undefined,
  ])
  memory.advance(HOUR_MS - 10 * MINUTE_MS)
  expect(allowance.retryAfterSeconds('shop')).toBeUndefined()
})

it('does not count what was undone', () => {
  const { memory, allowance } = start(1)
  const failing = () =>
    memory.host.turn(() => {
      allowance.count('shop')
      throw new Error('locked')
    })
  expect(failing).toThrow('locked')
  expect(allowance.retryAfterSeconds('shop')).toBeUndefined()
})

it('has no end for the bootstrap key, nor for a caller of older code', () => {
  const { memory, allowance, count } = start(1)
  count('bootstrap')
  count('bootstrap')
  memory.host.turn(() => allowance.count(undefined))
  expect([allowance.retryAfterSeconds('bootstrap'), allowance.retryAfterSeconds(undefined)]).toEqual([
    undefined,
    undefined,
  ])
})

it('remembers no more clients than it may: the first to come is forgotten', () => {
  const { allowance, count } = start(1)
  for (let nth = 0; nth <= 10_000; nth += 1) count(`client ${nth}`)
  expect([allowance.retryAfterSeconds('client 0'), allowance.retryAfterSeconds('client 1')]).toEqual([
    undefined,
    3_000,
  ])
})
