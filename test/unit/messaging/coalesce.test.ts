import { expect, it } from 'vitest'
import { coalesce } from '../../../src/messaging/coalesce.ts'

const createDoubling = () => {
  const calls: number[][] = []
  const double = coalesce(async (items: readonly number[]) => {
    calls.push([...items])
    return items.map((item) => item * 2)
  })
  return { calls, double }
}

const microtasks = async (turns: number): Promise<void> => {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
}

it('makes one call of all that are made at the same moment', async () => {
  const { double, calls } = createDoubling()
  expect(await Promise.all([double(1), double(2), double(3)])).toEqual([2, 4, 6])
  expect(calls).toEqual([[1, 2, 3]])
})

it('makes one call of all that follow from one result, each in a microtask of its own', async () => {
  const { double, calls } = createDoubling()
  const result = Promise.resolve(10)
  const after = async (item: number) => await double((await result) + item)
  expect(await Promise.all([after(1), after(2), after(3)])).toEqual([22, 24, 26])
  expect(calls).toEqual([[11, 12, 13]])
})

it('waits for no timer', async () => {
  const { double, calls } = createDoubling()
  const first = double(1)
  await microtasks(3)
  expect(calls).toEqual([[1]])
  expect(await first).toBe(2)
})

it('begins a new call for what comes after the first has left', async () => {
  const { double, calls } = createDoubling()
  const first = double(1)
  await microtasks(3)
  expect(await Promise.all([first, double(2)])).toEqual([2, 4])
  expect(calls).toEqual([[1], [2]])
})

it('fails all that were in a call that failed, and none after', async () => {
  let isBroken = true
  const call = coalesce(async (items: readonly number[]) => {
    if (isBroken) throw new Error('away')
    return items
  })
  const failed = await Promise.allSettled([call(1), call(2)])
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isBroken = false
  expect(await call(3)).toBe(3)
})

it('calls nothing without a request', async () => {
  const { calls } = createDoubling()
  await microtasks(3)
  expect(calls).toEqual([])
})
