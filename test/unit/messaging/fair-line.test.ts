import { describe, expect, it } from 'vitest'
import { createFairLine } from '../../../src/messaging/fair-line.ts'
import { NOW } from '../../support/builders.ts'

/** A line whose callers are named; tells who was admitted, in order. */
const setUp = (capacity: number) => {
  const clock = { now: NOW }
  const line = createFairLine({ now: () => clock.now, capacity, sharedBytesMax: 100, leaseMs: 1_000 })
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

describe('parts of a call that callers share', () => {
  type Call = { items: readonly string[]; end(): void }

  const setUpShared = (limits: { capacity?: number; sharedBytesMax?: number } = {}) => {
    const clock = { now: NOW }
    const line = createFairLine<string>({
      ...{ now: () => clock.now, capacity: 50, sharedBytesMax: 1_000, leaseMs: 1_000 },
      ...limits,
    })
    const calls: Call[] = []
    const share = (bearer: string, item: string, bytes = 1) => {
      const seat = line.share(bearer, { item, cost: 1, bytes })
      void seat.call.then((call) => {
        if (call.items[0] === item) calls.push(call)
      })
      return seat
    }
    const settle = async () => {
      for (let tick = 0; tick < 5; tick += 1) await Promise.resolve()
      return calls.map(({ items }) => items.join())
    }
    return { clock, line, calls, share, settle }
  }

  it('go at once where none is under way, and else wait and go as one', async () => {
    const { calls, share, settle } = setUpShared()
    for (const item of ['1', '2', '3']) share('shop', item)
    expect(await settle()).toEqual(['1'])
    calls[0]?.end()
    expect(await settle()).toEqual(['1', '2,3'])
  })

  it('are as many as the capacity has room for', async () => {
    const { calls, share, settle } = setUpShared({ capacity: 2 })
    for (const item of ['1', '2', '3', '4']) share('shop', item)
    await settle()
    calls[0]?.end()
    expect(await settle()).toEqual(['1', '2,3'])
    calls[1]?.end()
    expect(await settle()).toEqual(['1', '2,3', '4'])
  })

  it('have as many bytes as a call may carry; one with more goes alone', async () => {
    const { calls, share, settle } = setUpShared({ sharedBytesMax: 10 })
    share('shop', '1')
    for (const [item, bytes] of [
      ['2', 6],
      ['3', 4],
      ['4', 1],
      ['huge', 11],
    ] as const) {
      share('shop', item, bytes)
    }
    for (let index = 0; index < 4; index += 1) {
      await settle()
      calls[index]?.end()
    }
    expect(await settle()).toEqual(['1', '2,3', '4', 'huge'])
  })

  it('are fair: a client with few parts is in the next call before a flood', async () => {
    const { calls, share, settle } = setUpShared({ capacity: 3 })
    for (const item of ['f1', 'f2', 'f3', 'f4', 'f5', 'f6']) share('flood', item)
    share('shop', 's1')
    await settle()
    calls[0]?.end()
    expect((await settle())[1]).toBe('s1,f2,f3')
  })

  it('leave room for calls of their own, in turn', async () => {
    const { calls, line, share, settle } = setUpShared({ capacity: 50 })
    share('flood', 'f1')
    const batch = line.join('flood', 100)
    share('shop', 's1')
    await settle()
    calls[0]?.end()
    expect(await settle()).toEqual(['f1', 's1'])
    calls[1]?.end()
    await batch.turn
    share('shop', 's2')
    expect(await settle()).toEqual(['f1', 's1'])
    batch.leave()
    expect(await settle()).toEqual(['f1', 's1', 's2'])
  })

  it('go ahead in a call of their own after a wait, also where the call before is lost', async () => {
    const { clock, share, settle } = setUpShared()
    share('lost', 'lost')
    share('shop', '2').hurry()
    share('shop', '3')
    expect(await settle()).toEqual(['lost', '2'])
    clock.now += 1_000
    share('shop', '4')
    expect(await settle()).toEqual(['lost', '2', '3,4'])
  })
})
