import { expect, it } from 'vitest'
import { createSharedKeyCheck } from '../../../workers/order/edge/keys/shared-key-check.ts'
import { NOW } from '../../support/builders.ts'

const setUp = () => {
  const clock = { now: NOW }
  const key = { answer: true as boolean | 'unavailable', reads: 0 }
  const checkShared = createSharedKeyCheck({
    now: () => clock.now,
    pause: async (ms) => {
      clock.now += ms
      await Promise.resolve()
    },
  })
  const open = () =>
    checkShared('key', async () => {
      key.reads += 1
      await Promise.resolve()
      return key.answer
    })
  return { clock, key, open }
}

it('opens as long as the key does', async () => {
  const { key, open } = setUp()
  const isAllowed = open()
  expect(await isAllowed()).toBe(true)
  key.answer = false
  expect(await isAllowed()).toBe(false)
})

it('is read by one stream of a key at a time, and every stream hears of it', async () => {
  const { key, open } = setUp()
  const streams = Array.from({ length: 5 }, open)
  key.answer = false
  const first = streams[0]?.()
  expect(key.reads).toBe(1)
  const others = streams.slice(1).map((isAllowed) => isAllowed())
  expect(key.reads).toBe(1)
  expect(new Set(await Promise.all([first, ...others]))).toEqual(new Set([false]))
})

it('closes where the key could not be read for forty seconds', async () => {
  const { clock, key, open } = setUp()
  const isAllowed = open()
  key.answer = 'unavailable'
  clock.now += 39_999
  expect(await isAllowed()).toBe(true)
  clock.now += 1
  expect(await isAllowed()).toBe(false)
})

it('does not wait for a read that never ends', async () => {
  const { clock, open } = setUp()
  const hanging = createSharedKeyCheck({
    now: () => clock.now,
    pause: async (ms) => {
      clock.now += ms
    },
  })
  void hanging('key', () => new Promise<never>(() => {}))()
  expect(await hanging('key', async () => true)()).toBe(true)
  expect(await open()()).toBe(true)
})
