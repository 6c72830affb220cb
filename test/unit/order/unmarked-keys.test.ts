import { describe, expect, it } from 'vitest'
import { createUnmarkedKeys } from '../../../workers/order/edge/keys/unmarked-keys.ts'
import { NOW } from '../../support/builders.ts'

/** A list over ids that can be changed, with a clock that is moved by hand and by those who wait. */
const setUp = (ids: string[]) => {
  const clock = { now: NOW }
  const pause = async (ms: number) => {
    clock.now += ms
    await Promise.resolve()
  }
  const unmarked = createUnmarkedKeys({ now: () => clock.now, pause })
  const reads = { count: 0 }
  const read = async () => {
    reads.count += 1
    return [...ids]
  }
  return { clock, ids, reads, unmarked, has: (id: string) => unmarked.has(id, read) }
}

describe('the keys that older code made', () => {
  it('are told apart from invented ones by one list, read once', async () => {
    const { reads, has } = setUp(['old'])
    expect([await has('old'), await has('invented'), await has('old')]).toEqual([true, false, true])
    expect(reads.count).toBe(1)
  })

  it('are read again after half a minute, where an id is not among them', async () => {
    const { clock, ids, reads, has } = setUp(['old'])
    await has('old')
    ids.push('later')
    clock.now += 29_999
    expect(await has('later')).toBe(false)
    clock.now += 1
    expect([await has('old'), reads.count]).toEqual([true, 1])
    expect([await has('later'), reads.count]).toEqual([true, 2])
  })

  it('are read by five of a thousand requests at once, and known to all of them', async () => {
    const { reads, has } = setUp(['old'])
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => has('old')))
    expect([new Set(answers), reads.count]).toEqual([new Set([true]), 5])
  })

  it('are unknown to who waited a second for a list that does not come', async () => {
    const { unmarked } = setUp([])
    const never = () => new Promise<string[]>(() => {})
    for (let reader = 0; reader < 5; reader += 1) void unmarked.has('old', never)
    expect(await unmarked.has('old', never)).toBe(false)
  })
})
