import { expect, it } from 'vitest'
import { createPace } from '../../../src/messaging/pace.ts'

const paceAt = (lingerMs: number) => {
  let now = 1_000_000
  const pace = createPace(lingerMs, () => now)
  return {
    ...pace,
    pass: (ms: number) => {
      now += ms
    },
  }
}

it('lets the first send go at once', () => {
  expect(paceAt(10).waitMs()).toBe(0)
})

it('holds the next send until the linger has passed since the last one began', () => {
  const { begin, pass, waitMs } = paceAt(10)
  begin()
  expect(waitMs()).toBe(10)
  pass(3)
  expect(waitMs()).toBe(7)
  pass(7)
  expect(waitMs()).toBe(0)
})

it('lets a send after a longer pause go at once', () => {
  const { begin, pass, waitMs } = paceAt(10)
  begin()
  pass(60_000)
  expect(waitMs()).toBe(0)
})

it('holds no send longer than the linger when the clock jumps back', () => {
  const { begin, pass, waitMs } = paceAt(10)
  begin()
  pass(-60_000)
  expect(waitMs()).toBe(10)
})

it('holds nothing without a linger', () => {
  const { begin, waitMs } = paceAt(0)
  begin()
  expect(waitMs()).toBe(0)
})
