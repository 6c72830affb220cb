import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { minuteOf, type Period } from '../../../src/messaging/minutes.ts'
import { lastDayOf, lastHourOf } from '../../../src/order/order-history.ts'
import {
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const SETTLED = [stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured()]

const partsIn = (world: OrderWorld) => ({ partitions: [world.partition().history()], letters: [] })

const historyIn = (world: OrderWorld) => lastHourOf(partsIn(world), world.memory.now())

const dayIn = (world: OrderWorld) => lastDayOf(partsIn(world), world.memory.now())

const period = (at: number, changes: Partial<Period> = {}): Period => ({
  ...{ minute: at, counts: {}, buckets: [], peaks: {} },
  ...changes,
})

describe('a partition', () => {
  it('counts what becomes of orders by the minute, and keeps it over a restart', async () => {
    const world = createOrderWorld()
    world.place()
    world.memory.advance(300)
    world.answer(...SETTLED)
    await world.memory.ringUntilRest(world.wake)
    world.restart()
    const last = historyIn(world).at(-1)
    expect(last).toMatchObject({ placed: 1, confirmed: 1, rejected: 0, cancelled: 0, pending: 0 })
    expect(last?.settleSeconds).toEqual({ p50: 0.5, p95: 0.5 })
  })

  it('knows how many orders were undecided at the end of each minute', async () => {
    const world = createOrderWorld()
    world.place()
    world.memory.advance(2 * MINUTE_MS)
    world.cancel()
    world.memory.advance(MINUTE_MS)
    const pending = historyIn(world)
      .slice(-5)
      .map((each) => each.pending)
    expect(pending).toEqual([0, 1, 1, 0, 0])
  })

  it('keeps the greatest age of the oldest message that it has seen in an inbox', async () => {
    const world = createOrderWorld()
    world.oldestWaiting = async (inbox) => (inbox === 'payment' ? NOW - 20 * SECOND_MS : undefined)
    world.place()
    await world.memory.ring(world.wake)
    const { oldestMessageSeconds } = historyIn(world).at(-1) ?? {}
    expect(oldestMessageSeconds).toEqual({ inventory: 0, payment: 22, operations: 0 })
  })

  it('writes nothing for it once no order is under way', async () => {
    const world = createOrderWorld()
    world.place()
    world.answer(...SETTLED)
    await world.memory.ringUntilRest(world.wake)
    const before = world.memory.rows()
    world.memory.advance(HOUR_MS)
    expect(historyIn(world)).toHaveLength(60)
    await world.wake()
    expect(world.memory.rows()).toEqual(before)
  })
})

describe('the day of a partition', () => {
  it('has what happened hours ago, over a restart, in its half hour', async () => {
    const world = createOrderWorld()
    world.place()
    world.memory.advance(300)
    world.answer(...SETTLED)
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance(20 * HOUR_MS)
    world.place({ orderId: `${ORDER_ID.slice(0, -1)}1` })
    await world.memory.ring(world.wake)
    world.restart()
    const busy = dayIn(world).filter(({ placed }) => placed > 0)
    expect(busy).toMatchObject([
      { placed: 1, confirmed: 1, pending: 0, settleSeconds: { p50: 0.5, p95: 0.5 } },
      { placed: 1, confirmed: 0, pending: 1 },
    ])
    expect(historyIn(world).reduce((sum, { placed }) => sum + placed, 0)).toBe(1)
  })
})

describe('the history of all partitions', () => {
  const now = minuteOf(NOW)

  it('adds up what they counted, and takes the greatest of their peaks', () => {
    const partitions = [
      {
        minutes: [period(now, { counts: { placed: 2 }, peaks: { inventory: 5 } })],
        pending: 1,
      },
      { minutes: [period(now, { counts: { placed: 3 }, peaks: { inventory: 7 } })], pending: 2 },
    ]
    expect(lastHourOf({ partitions, letters: [{ minute: now, letters: 4 }] }, NOW).at(-1)).toEqual({
      at: toTimestamp(now * MINUTE_MS),
      ...{ placed: 5, confirmed: 0, rejected: 0, cancelled: 0, pending: 3, deadLetters: 4 },
      oldestMessageSeconds: { inventory: 7, payment: 0, operations: 0 },
    })
  })

  it('has sixty minutes, the oldest first, and nothing of what was before', () => {
    const minutes = [period(now - 60, { counts: { placed: 9 } }), period(now - 59, { counts: { placed: 1 } })]
    const views = lastHourOf({ partitions: [{ minutes, pending: 0 }], letters: [] }, NOW)
    expect(views).toHaveLength(60)
    expect(views[0]).toMatchObject({ at: toTimestamp((now - 59) * MINUTE_MS), placed: 1 })
    expect(views.reduce((sum, { placed }) => sum + placed, 0)).toBe(1)
  })

  it('says that half, and nineteen of twenty, of the orders settled within these bounds', () => {
    const buckets = [90, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5]
    const of = (each: number[]) =>
      lastHourOf(
        { partitions: [{ minutes: [period(now, { buckets: each })], pending: 0 }], letters: [] },
        NOW,
      ).at(-1)?.settleSeconds
    expect(of(buckets)).toEqual({ p50: 0.1, p95: 0.25 })
    expect(of([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])).toEqual({ p50: 900, p95: 900 })
    expect(of([])).toBeUndefined()
  })
})

describe('the last day of all partitions', () => {
  const now = minuteOf(NOW)
  const halfHour = now - (now % 30)

  const placedIn = (parts: Parameters<typeof lastDayOf>[0]) =>
    lastDayOf(parts, NOW).flatMap(({ at, placed }) => (placed === 0 ? [] : [{ at, placed }]))

  it('adds up half hours and minutes of the same half hour, in every partition', () => {
    const partitions = [
      {
        minutes: [period(halfHour - 1, { counts: { placed: 2 } }), period(now, { counts: { placed: 1 } })],
        halfHours: [period(halfHour - 30, { counts: { placed: 3 } })],
        pending: 0,
      },
      {
        minutes: [],
        halfHours: [period(halfHour - 30, { counts: { placed: 4 } })],
        pending: 0,
      },
    ]
    expect(placedIn({ partitions, letters: [] })).toEqual([
      { at: toTimestamp((halfHour - 30) * MINUTE_MS), placed: 9 },
      { at: toTimestamp(halfHour * MINUTE_MS), placed: 1 },
    ])
  })

  it('has 48 half hours, the oldest first, with the dead letters of their minutes', () => {
    const letters = [
      { minute: halfHour - 2, letters: 3 },
      { minute: halfHour - 30, letters: 1 },
    ]
    const views = lastDayOf({ partitions: [], letters }, NOW)
    expect(views).toHaveLength(48)
    expect(views[0]?.at).toBe(toTimestamp((halfHour - 47 * 30) * MINUTE_MS))
    expect(views.slice(-3).map(({ deadLetters }) => deadLetters)).toEqual([0, 4, 0])
  })

  it('has the last hour of a partition that runs an earlier release, which has no half hours', () => {
    const partitions = [{ minutes: [period(now, { counts: { placed: 5 } })], pending: 0 }]
    expect(placedIn({ partitions, letters: [] })).toEqual([
      { at: toTimestamp(halfHour * MINUTE_MS), placed: 5 },
    ])
  })
})
