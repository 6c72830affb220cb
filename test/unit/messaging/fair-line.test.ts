import { expect, it } from 'vitest'
import { createFairLine } from '../../../src/messaging/fair-line.ts'
import { NOW } from '../../support/builders.ts'

/** A line whose callers are named; tells who was admitted, in order. */
const setUp = (capacity: number) => {
  const clock = { now: NOW }
  const line = createFairLine({ now: () => clock.now, capacity, leaseMs: 1_000 })
  const admitted: string[] = []
  const join = (bearer: string, name: string, cost = 1) => {
    const place = line.join(bearer, cost)
    if (place.turn === undefined) admitted.push(name)
    else void place.turn.then(() => admitted.push(name))
    return place
  }
  const settle = async () => {
    for (let tick = 0; tick < 5; tick += 1) await Promise.resolve()
    return admitted
  }
  return { clock, join, settle }
}

it('admits a bearer that is alone to all of the capacity', async () => {
  const { join, settle } = setUp(3)
  for (const name of ['a1', 'a2', 'a3', 'a4']) join('a', name)
  expect(await settle()).toEqual(['a1', 'a2', 'a3'])
})

it('lets a bearer with few calls pass one with many', async () => {
  const { join, settle } = setUp(1)
  const places = [join('flood', 'f1'), ...['f2', 'f3', 'f4'].map((name) => join('flood', name))]
  places.push(join('shop', 's1'))
  for (const place of places.slice(0, 1)) place.leave()
  expect(await settle()).toEqual(['f1', 's1'])
})

it('counts what a call costs: after a batch of fifty the others have fifty before the next', async () => {
  const { join, settle } = setUp(50)
  const first = join('flood', 'batch 1', 50)
  join('flood', 'batch 2', 50)
  const shop = Array.from({ length: 60 }, (_, index) => join('shop', `s${index}`))
  first.leave()
  expect((await settle()).slice(1)).toEqual(Array.from({ length: 50 }, (_, index) => `s${index}`))
  for (const place of shop.slice(0, 50)) place.leave()
  expect((await settle())[51]).toBe('batch 2')
})

it('admits a call that costs more than the capacity once nothing else is under way', async () => {
  const { join, settle } = setUp(10)
  const small = join('shop', 'small')
  join('flood', 'huge', 100)
  expect(await settle()).toEqual(['small'])
  small.leave()
  expect(await settle()).toEqual(['small', 'huge'])
})

it('goes on without a call that never comes back, and without a caller that left', async () => {
  const { clock, join, settle } = setUp(1)
  join('lost', 'lost')
  const gone = join('gone', 'gone')
  join('shop', 's1')
  gone.leave()
  expect(await settle()).toEqual(['lost'])
  clock.now += 1_000
  join('shop', 's2')
  expect(await settle()).toEqual(['lost', 's1'])
})
