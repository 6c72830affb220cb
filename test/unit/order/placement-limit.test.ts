import { expect, it } from 'vitest'
import { createPlacementLimit } from '../../../src/order/placement-limit.ts'
import { NOW } from '../../support/builders.ts'

const setUp = () => {
  const clock = { now: NOW }
  const limit = createPlacementLimit(() => clock.now)
  const enter = (bearer: string, count: number) =>
    Array.from({ length: count }, () => limit.enter(bearer)).filter((ticket) => ticket !== undefined)
  return { clock, limit, enter }
}

/** A partition that answers nothing has filled the limit, and the limit has fallen to its least. */
const stalled = () => {
  const world = setUp()
  const tickets = world.enter('flood', 1_000)
  world.clock.now += 300
  return { ...world, tickets }
}

it('lets a burst in as a whole after a quiet time', () => {
  expect(setUp().enter('shop', 1_000)).toHaveLength(1_000)
})

it('refuses at once what is more than an isolate holds', () => {
  expect(setUp().enter('shop', 1_500)).toHaveLength(1_000)
})

it('refuses while a partition answers nothing, however long that takes', () => {
  const { clock, enter } = setUp()
  expect(enter('shop', 150)).toHaveLength(150)
  clock.now += 300
  expect(enter('shop', 10)).toEqual([])
  clock.now += 5_000
  expect(enter('shop', 10)).toEqual([])
})

it('lets in again, by itself, as soon as the partition answers', () => {
  const { clock, enter, limit, tickets } = stalled()
  expect(enter('flood', 1)).toEqual([])
  for (const ticket of tickets) ticket.leave()
  expect(enter('flood', 1)).toHaveLength(1)
  clock.now += 5_000
  expect(enter('flood', 1_000)).toHaveLength(999)
  expect(limit.figures().limit).toBe(1_000)
})

it('counts placements as lost after ten seconds: their callers hung up', () => {
  const { clock, enter } = stalled()
  clock.now += 10_000
  expect(enter('shop', 50)).toHaveLength(50)
})

it('refuses the bearer that floods first: another one still gets its even share', () => {
  const { enter } = stalled()
  expect(enter('flood', 1)).toEqual([])
  expect(enter('shop', 200)).toHaveLength(50)
})

it('never has more than two thousand under way, however many bearers come', () => {
  const { limit } = setUp()
  for (let bearer = 0; bearer < 3_000; bearer += 1) limit.enter(`bearer ${bearer}`)
  expect(limit.figures().underWay).toBeLessThanOrEqual(2_000)
})

it('counts a placement once that ends twice', () => {
  const { limit } = setUp()
  const [first] = [limit.enter('shop'), limit.enter('shop')]
  first?.leave()
  first?.leave()
  expect(limit.figures().underWay).toBe(1)
})

it('sheds waits first, then reads, then orders', () => {
  const { clock, enter, limit, tickets } = stalled()
  enter('flood', 1)
  const shed = () => ({ waits: limit.sheds('waits'), reads: limit.sheds('reads'), ...limit.figures() })
  for (const ticket of tickets.splice(80)) ticket.leave()
  expect(shed()).toEqual({ waits: true, reads: true, underWay: 80, limit: 100 })
  for (const ticket of tickets.splice(60)) ticket.leave()
  expect(shed()).toEqual({ waits: true, reads: false, underWay: 60, limit: 100 })
  for (const ticket of tickets.splice(40)) ticket.leave()
  expect(shed()).toEqual({ waits: false, reads: false, underWay: 40, limit: 100 })
  clock.now += 1
})

it('does not lower the limit for few placements, however long they take', () => {
  const { clock, enter, limit } = setUp()
  enter('shop', 64)
  clock.now += 3_000
  enter('shop', 1)
  expect(limit.figures().limit).toBe(1_000)
})
