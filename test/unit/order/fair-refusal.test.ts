import { expect, it } from 'vitest'
import { createFairRefusal, fairPart } from '../../../src/order/fair-refusal.ts'
import { NOW } from '../../support/builders.ts'

/** Sends so many orders of each bearer for two windows, and tells how many of the second were taken. */
const takenOf = (sent: Record<string, number>, share: number) => {
  const clock = { now: NOW }
  let draw = 0
  const chance = () => {
    draw = (draw + 0.618_034) % 1
    return draw
  }
  const refusal = createFairRefusal({ now: () => clock.now, chance })
  const windowOf = () =>
    Object.entries(sent).map(([bearer, count]) => {
      const results = Array.from({ length: count }, () => refusal.refuses(bearer, share))
      return [bearer, results.filter((isRefused) => !isRefused).length]
    })
  windowOf()
  clock.now += 5_000
  return Object.fromEntries(windowOf())
}

it('refuses the bearer that sends most, and not the others', () => {
  const taken = takenOf({ flood: 900, shop: 50, small: 5 }, 0.5)
  expect(taken).toMatchObject({ shop: 50, small: 5 })
  expect(taken['flood']).toBeGreaterThan(400)
  expect(taken['flood']).toBeLessThan(445)
})

it('refuses nothing where all can be taken', () => {
  expect(takenOf({ flood: 900, shop: 50 }, 1)).toEqual({ flood: 900, shop: 50 })
})

it('gives each bearer the same part where all send more than that', () => {
  expect(fairPart([30, 60, 90], 0.5)).toBe(30)
  expect(fairPart([10, 60, 90], 0.5)).toBe(35)
  expect(fairPart([10, 10], 1)).toBe(Number.POSITIVE_INFINITY)
})

it('knows nothing of a bearer after a pause, and refuses nothing then', () => {
  const clock = { now: NOW }
  const refusal = createFairRefusal({ now: () => clock.now, chance: () => 0.99 })
  const send = () => refusal.refuses('flood', 0.1)
  send()
  clock.now += 5_000
  expect(send()).toBe(true)
  clock.now += 20_000
  expect(send()).toBe(false)
})
