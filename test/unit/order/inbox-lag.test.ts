import { describe, expect, it } from 'vitest'
import { createInboxLag } from '../../../src/order/inbox-lag.ts'
import { NOW } from '../../support/builders.ts'

const LOOK_MS = 10_000

/** Looks at an inbox every ten seconds. Each step says how fast its oldest message moves, and what else is seen. */
const setUp = ({ ageMs, messages }: { ageMs: number; messages: number }) => {
  const lag = createInboxLag()
  let [at, oldestAt, count] = [NOW, NOW - ageMs, messages]
  const look = (speed: number, { isConsumed = true, grows = 100 } = {}) => {
    at += LOOK_MS
    oldestAt = Math.min(at, oldestAt + speed * LOOK_MS)
    count += grows
    lag.note({ at, messages: count, oldestAt, isConsumed })
    return lag.share()
  }
  return { lag, look }
}

it('takes the share that the consumer gets through, once the backlog has grown three times', () => {
  const { look } = setUp({ ageMs: 40_000, messages: 500 })
  expect([look(0.5), look(0.5), look(0.5), look(0.5)]).toEqual([1, 1, 1, 0.5])
})

it('takes a tenth at least', () => {
  const { look } = setUp({ ageMs: 40_000, messages: 500 })
  expect([look(0.01), look(0.01), look(0.01), look(0.01)].at(-1)).toBe(0.1)
})

describe('an outage is no overload', () => {
  it('takes all while nothing is consumed, for an hour', () => {
    const { look } = setUp({ ageMs: 0, messages: 0 })
    for (let looks = 0; looks < 360; looks += 1) expect(look(0, { isConsumed: false })).toBe(1)
  })

  it('takes all while retries make the oldest message look younger, but nothing is consumed', () => {
    const { look } = setUp({ ageMs: 60_000, messages: 500 })
    for (let looks = 0; looks < 60; looks += 1) expect(look(0.7, { isConsumed: false })).toBe(1)
  })

  it('takes all while the backlog of an outage falls', () => {
    const { look } = setUp({ ageMs: 3_600_000, messages: 50_000 })
    expect(look(0.3)).toBe(1)
    for (let looks = 0; looks < 60; looks += 1) expect(look(2, { grows: -500 })).toBe(1)
  })
})

it('takes all while one message fails again and again, and others pass it', () => {
  const { look } = setUp({ ageMs: 60_000, messages: 500 })
  for (let looks = 0; looks < 60; looks += 1) expect(look(0)).toBe(1)
})

it('takes all of a backlog that is young', () => {
  const { look } = setUp({ ageMs: 0, messages: 5_000 })
  expect([look(0.9), look(0.9), look(0.9), look(0.9), look(0.9)]).toEqual([1, 1, 1, 1, 1])
})

it('takes more from look to look while the backlog does not grow, and all once it is young', () => {
  const { look } = setUp({ ageMs: 60_000, messages: 500 })
  for (let looks = 0; looks < 4; looks += 1) look(0.5)
  expect([look(1, { grows: 0 }), look(1.5, { grows: -100 })]).toEqual([0.625, 0.78125])
  expect(look(9, { grows: -500 })).toBe(1)
})
