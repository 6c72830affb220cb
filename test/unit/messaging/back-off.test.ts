import { describe, expect, it } from 'vitest'
import { resendDelayMs, retryAfterSeconds } from '../../../src/messaging/back-off.ts'

const LEAST = () => 0
const MOST = () => 1 - Number.EPSILON

describe('a message is delivered again', () => {
  it.each([
    [1, 2],
    [2, 4],
    [3, 8],
    [4, 16],
    [5, 32],
    [6, 60],
    [7, 60],
    [100, 60],
    [Number.MAX_SAFE_INTEGER, 60],
  ])('after %d deliveries within %d seconds', (attempts, seconds) => {
    expect(retryAfterSeconds(attempts, MOST)).toBe(seconds)
  })

  it.each([1, 2, 10])('after %d deliveries no sooner than in a second', (attempts) => {
    expect(retryAfterSeconds(attempts, LEAST)).toBe(1)
  })

  it('in whole seconds, as the platform takes them', () => {
    expect(retryAfterSeconds(4, () => 0.33)).toBe(6)
  })
})

describe('what was published without effect is published again', () => {
  it.each([
    [1, 5_000, 6_000],
    [2, 10_000, 12_000],
    [3, 20_000, 24_000],
    [4, 40_000, 48_000],
    [5, 40_000, 48_000],
    [1_000, 40_000, 48_000],
  ])('after %d times between %d and %d ms', (sends, least, most) => {
    expect([resendDelayMs(sends, LEAST), resendDelayMs(sends, MOST)]).toEqual([least, most])
  })

  it('at first as soon as after the first time', () => {
    expect(resendDelayMs(0, LEAST)).toBe(5_000)
  })

  it('within a minute in any case, so that one lost message delays an order by less', () => {
    const delays = Array.from({ length: 100 }, (_, sends) => resendDelayMs(sends, MOST))
    expect(Math.max(...delays)).toBeLessThan(60_000)
  })
})
