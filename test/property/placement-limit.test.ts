import fc from 'fast-check'
import { expect, it } from 'vitest'
import '../support/property-seed.ts'
import { createPlacementLimit } from '../../src/order/placement-limit.ts'

type Load = { capacity: number; factor: number; seconds: number }

/** One server that places orders one after the other, and callers that do not wait for each other. In simulated time. */
const simulate = ({ capacity, factor, seconds }: Load) => {
  let now = 0
  let freeAt = 0
  const limit = createPlacementLimit(() => now)
  const queue: { at: number; leave(): void }[] = []
  const waits: number[] = []
  let refused = 0
  const serveUntil = (time: number) => {
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      const endsAt = Math.max(freeAt, first.at) + 1_000 / capacity
      if (endsAt > time) return
      now = freeAt = endsAt
      queue.shift()
      waits.push(now - first.at)
      first.leave()
    }
  }
  const arrivals = Math.floor(capacity * factor * seconds)
  for (let arrival = 0; arrival < arrivals; arrival += 1) {
    const at = (arrival * 1_000) / (capacity * factor)
    serveUntil(at)
    now = at
    const ticket = limit.enter('shop')
    if (ticket === undefined) refused += 1
    else queue.push({ at, leave: ticket.leave })
  }
  serveUntil(Number.POSITIVE_INFINITY)
  waits.sort((left, right) => left - right)
  return { refused, taken: waits.length, p99Ms: waits[Math.floor(waits.length * 0.99)] ?? 0 }
}

const capacities = fc.integer({ min: 150, max: 1_500 })

it('refuses nothing below capacity', () => {
  fc.assert(
    fc.property(capacities, fc.double({ min: 0.1, max: 0.95, noNaN: true }), (capacity, factor) => {
      expect(simulate({ capacity, factor, seconds: 5 }).refused).toBe(0)
    }),
    { numRuns: 30 },
  )
})

it('past capacity takes as much as the server does, and what is taken waits a second at most', () => {
  fc.assert(
    fc.property(capacities, fc.double({ min: 1.5, max: 5, noNaN: true }), (capacity, factor) => {
      const { taken, refused, p99Ms } = simulate({ capacity, factor, seconds: 20 })
      expect(refused).toBeGreaterThan(0)
      expect(taken).toBeGreaterThan(capacity * 20 * 0.95)
      expect(p99Ms).toBeLessThan(1_000)
    }),
    { numRuns: 30 },
  )
})
