import { expect, it } from 'vitest'
import { coalesce } from '../../../src/messaging/coalesce.ts'

/** What was deferred, to be run by hand. */
const createQueue = () => {
  const deferred: (() => void)[] = []
  return {
    defer: (run: () => void) => {
      deferred.push(run)
    },
    deferred,
    runNext: () => deferred.shift()?.(),
  }
}

const createDoubling = () => {
  const queue = createQueue()
  const calls: number[][] = []
  const double = coalesce(async (items: readonly number[]) => {
    calls.push([...items])
    return items.map((item) => item * 2)
  }, queue.defer)
  return { ...queue, calls, double }
}

it('makes one call of all that are made at the same moment', async () => {
  const { double, runNext, calls } = createDoubling()
  const answers = Promise.all([double(1), double(2), double(3)])
  runNext()
  expect(await answers).toEqual([2, 4, 6])
  expect(calls).toEqual([[1, 2, 3]])
})

it('defers once for all of them', () => {
  const { double, deferred } = createDoubling()
  void double(1)
  void double(2)
  expect(deferred).toHaveLength(1)
})

it('begins a new call for what comes after the first has left', async () => {
  const { double, runNext, calls } = createDoubling()
  const first = double(1)
  runNext()
  const second = double(2)
  runNext()
  expect(await Promise.all([first, second])).toEqual([2, 4])
  expect(calls).toEqual([[1], [2]])
})

it('fails all that were in a call that failed, and none after', async () => {
  const { defer, runNext } = createQueue()
  let isBroken = true
  const call = coalesce(async (items: readonly number[]) => {
    if (isBroken) throw new Error('away')
    return items
  }, defer)
  const failed = Promise.allSettled([call(1), call(2)])
  runNext()
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  isBroken = false
  const next = call(3)
  runNext()
  expect(await next).toBe(3)
})

it('calls nothing without a request', () => {
  const { deferred, calls } = createDoubling()
  expect([deferred, calls]).toEqual([[], []])
})
