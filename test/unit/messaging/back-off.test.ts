import { describe, expect, it } from 'vitest'
import { briskSends, resendDelayMs, retryAfterSeconds } from '../../../src/messaging/back-off.ts'

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
    [4, 20_000, 24_000],
    [16, 20_000, 24_000],
    [17, 40_000, 48_000],
    [18, 80_000, 96_000],
    [19, 160_000, 192_000],
    [20, 320_000, 384_000],
    [21, 600_000, 720_000],
    [1_000, 600_000, 720_000],
    [Number.MAX_SAFE_INTEGER, 600_000, 720_000],
  ])('after %d times between %d and %d ms', (sends, least, most) => {
    expect([resendDelayMs(sends, LEAST), resendDelayMs(sends, MOST)]).toEqual([least, most])
  })

  it('at first as soon as after the first time', () => {
    expect(resendDelayMs(0, LEAST)).toBe(5_000)
  })

  it('within half a minute for the first five, so that one lost message delays an order by less than a minute', () => {
    const delays = Array.from({ length: 16 }, (_, sends) => resendDelayMs(sends + 1, MOST))
    expect(Math.max(...delays)).toBeLessThan(30_000)
    expect(delays.reduce((sum, delay) => sum + delay)).toBeGreaterThan(300_000)
  })

  it('fewer than thirty times in an hour in which nobody answers', () => {
    const timesAt = [0]
    while ((timesAt.at(-1) ?? 0) < 3_600_000) {
      timesAt.push((timesAt.at(-1) ?? 0) + resendDelayMs(timesAt.length, LEAST))
    }
    expect(timesAt.length).toBeLessThan(30)
  })

  it.each([1, 3, 4, 20, 1_000])(
    'within half a minute again once somebody answered after %d times',
    (sends) => {
      expect(briskSends(sends)).toBeLessThanOrEqual(sends)
      expect(resendDelayMs(briskSends(sends), MOST)).toBeLessThan(30_000)
    },
  )
})
