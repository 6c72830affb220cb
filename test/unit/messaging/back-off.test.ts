import { describe, expect, it } from 'vitest'
import { retryAfterSeconds } from '../../../src/messaging/back-off.ts'

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
