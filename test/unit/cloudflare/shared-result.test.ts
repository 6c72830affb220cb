import { expect, it } from 'vitest'
import { createSharedResult } from '../../../src/cloudflare/shared-result.ts'
import { NOW } from '../../support/builders.ts'

const setUp = ({ usableMs = 0 } = {}) => {
  const clock = { now: NOW }
  const world = { isWell: true, asked: 0 }
  const kept: Promise<unknown>[] = []
  const share = createSharedResult<boolean>({
    now: () => clock.now,
    freshMs: (isWell) => (isWell ? 5_000 : 1_000),
    usableMs: () => usableMs,
    withinMs: 1_000,
  })
  const question = async () => {
    world.asked += 1
    await Promise.resolve()
    return world.isWell
  }
  const ask = (asked = question) => share(asked, (answer) => kept.push(answer))
  return { clock, world, kept, ask }
}

it('asks once for all who come meanwhile, and keeps the question from ending with the first of them', async () => {
  const { world, kept, ask } = setUp()
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([true, true, true])
  expect(world.asked).toBe(1)
  expect(kept).toHaveLength(3)
})

it('holds a good answer for five seconds and a bad one for one', async () => {
  const { clock, world, ask } = setUp()
  await ask()
  world.isWell = false
  clock.now += 4_999
  expect(await ask()).toBe(true)
  clock.now += 1
  expect(await ask()).toBe(false)
  world.isWell = true
  clock.now += 999
  expect(await ask()).toBe(false)
  clock.now += 1
  expect(await ask()).toBe(true)
  expect(world.asked).toBe(3)
})

it('asks anew after a question that failed, or that has no answer in time', async () => {
  const { clock, ask } = setUp()
  await expect(ask(() => Promise.reject(new Error('away')))).rejects.toThrow('away')
  expect(await ask()).toBe(true)
  clock.now += 5_000
  const hanging = ask(() => new Promise<never>(() => {}))
  clock.now += 1_000
  expect(await ask()).toBe(true)
  await expect(hanging).rejects.toThrow('took more than')
})

it('gives what is usable at once, and asks anew for those who come later', async () => {
  const { clock, world, kept, ask } = setUp({ usableMs: 2_000 })
  await ask()
  world.isWell = false
  clock.now += 6_999
  expect(await Promise.all([ask(), ask()])).toEqual([true, true])
  expect(world.asked, 'the response leaves first').toBe(1)
  await Promise.all(kept)
  expect(world.asked).toBe(2)
  expect(await ask()).toBe(false)
})

it('gives nothing that is older than it may be used', async () => {
  const { clock, world, ask } = setUp({ usableMs: 2_000 })
  await ask()
  world.isWell = false
  clock.now += 7_000
  expect(await ask()).toBe(false)
})

it('still gives what is usable where the new question fails', async () => {
  const { clock, world, kept, ask } = setUp({ usableMs: 2_000 })
  await ask()
  clock.now += 5_000
  expect(await ask(() => Promise.reject(new Error('away')))).toBe(true)
  await Promise.all(kept)
  world.isWell = false
  expect(await ask()).toBe(true)
  await Promise.all(kept)
  expect(world.asked).toBe(2)
})
