import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from '../../../src/kernel/instant.ts'
import {
  createMinutes,
  inPeriodsOf,
  minuteOf,
  type Period,
  type Periods,
} from '../../../src/messaging/minutes.ts'
import { NOW } from '../../support/builders.ts'

const EMPTY: Periods = { minutes: [], halfHours: [] }

const BEGIN = NOW - (NOW % DAY_MS)

const createCounted = (known = EMPTY) => {
  let now: Instant = BEGIN
  const minutes = createMinutes(() => now, known)
  return {
    minutes,
    countAt: (instant: Instant) => {
      now = instant
      minutes.count('placed')
    },
  }
}

const placedIn = (periods: readonly Period[]): number =>
  periods.reduce((sum, { counts }) => sum + (counts['placed'] ?? 0), 0)

const startsOf = (periods: readonly Period[]) => periods.map(({ minute }) => minute - minuteOf(BEGIN))

describe('what is counted', () => {
  it('is kept by the minute for an hour, then by the half hour', () => {
    const { minutes, countAt } = createCounted()
    for (const minute of [0, 1, 29, 30, 90]) countAt(BEGIN + minute * MINUTE_MS)
    expect(startsOf(minutes.all().minutes)).toEqual([30, 90])
    expect(minutes.all().halfHours).toEqual([
      { minute: minuteOf(BEGIN), counts: { placed: 3 }, buckets: [], peaks: {} },
    ])
  })

  it('is counted once, in the minutes or in the half hours, however long it goes on', () => {
    const { minutes, countAt } = createCounted()
    const counted = DAY_MS / MINUTE_MS
    for (let minute = 0; minute < counted; minute += 1) countAt(BEGIN + minute * MINUTE_MS)
    const { minutes: kept, halfHours } = minutes.all()
    expect(placedIn(kept) + placedIn(halfHours)).toBe(counted)
  })

  it('is bounded: 48 half hours and the minutes of an hour', () => {
    const { minutes, countAt } = createCounted()
    for (let minute = 0; minute < (3 * DAY_MS) / MINUTE_MS; minute += 1) countAt(BEGIN + minute * MINUTE_MS)
    const { minutes: kept, halfHours } = minutes.all()
    expect([kept.length, halfHours.length]).toEqual([61, 48])
    expect(halfHours[0]?.minute).toBeLessThan(halfHours[47]?.minute ?? 0)
  })

  it('goes on from what was stored', () => {
    const first = createCounted()
    for (const minute of [0, 100]) first.countAt(BEGIN + minute * MINUTE_MS)
    const second = createCounted(structuredClone(first.minutes.all()))
    second.countAt(BEGIN + 200 * MINUTE_MS)
    expect(startsOf(second.minutes.all().halfHours)).toEqual([0, 90])
  })

  it('makes half hours of the minutes that an earlier release has stored', () => {
    const minutes = [0, 31].map((minute) => ({
      ...{ minute: minuteOf(BEGIN) + minute, counts: { placed: 1 }, buckets: [], peaks: {} },
    }))
    const counted = createCounted({ minutes, halfHours: [] })
    counted.countAt(BEGIN + 5 * HOUR_MS)
    expect(startsOf(counted.minutes.all().halfHours)).toEqual([0, 30])
  })
})

describe('where the clock jumps', () => {
  it('back by minutes, the counts go to the minute that the clock shows', () => {
    const { minutes, countAt } = createCounted()
    for (const minute of [10, 7, 7, 10]) countAt(BEGIN + minute * MINUTE_MS)
    expect(minutes.all().minutes.map(({ counts }) => counts)).toEqual([{ placed: 2 }, { placed: 2 }])
    expect(startsOf(minutes.all().minutes)).toEqual([7, 10])
  })

  it('ahead by a day and back, nothing is lost, and the minutes stay bounded', () => {
    const { minutes, countAt } = createCounted()
    for (const at of [0, DAY_MS, MINUTE_MS, DAY_MS + MINUTE_MS, 2 * MINUTE_MS]) countAt(BEGIN + at)
    const { minutes: kept, halfHours } = minutes.all()
    expect(startsOf(kept)).toEqual([2])
    expect(placedIn(halfHours)).toBe(4)
  })
})

it('periods are added up: counts and buckets are summed, and the greatest peaks stay', () => {
  const minute = minuteOf(BEGIN)
  const parts = [
    { minute: minute + 31, counts: { placed: 1 }, buckets: [1], peaks: {} },
    { minute, counts: { placed: 2, confirmed: 1 }, buckets: [0, 2], peaks: { payment: 3, inventory: 1 } },
    { minute: minute + 29, counts: { placed: 3 }, buckets: [1], peaks: { payment: 7 } },
  ]
  expect(inPeriodsOf(30, parts)).toEqual([
    { minute, counts: { placed: 5, confirmed: 1 }, buckets: [1, 2], peaks: { payment: 7, inventory: 1 } },
    { minute: minute + 30, counts: { placed: 1 }, buckets: [1], peaks: {} },
  ])
})
