import { describe, expect, it } from 'vitest'
import { MINUTE_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { type Place, planOf } from '../../../workers/order/edge/console/feed/move-plan.ts'
import { NOW } from '../../support/builders.ts'

const shown = (at: number) => `${toTimestamp(at).slice(0, 19).replace('T', ' ')} UTC`
const ago = (minutes: number): Place => ({ time: toTimestamp(NOW - minutes * MINUTE_MS) })
const TEN_BEHIND = { feed: 'orders', lag: { events: 3, seconds: 600 } } as const
const UP_TO_DATE = { feed: 'orders', lag: { events: 0, seconds: 0 } } as const

describe('what a move of a consumer would do', () => {
  it('back to a time: what was delivered since comes again', () => {
    const [from, to] = [shown(NOW - 60 * MINUTE_MS), shown(NOW - 10 * MINUTE_MS)]
    expect(planOf(TEN_BEHIND, ago(60), NOW)).toContain(
      `What took effect from ${from} to ${to} was delivered, and comes again. Nothing is left out.`,
    )
  })

  it('forth to a time: what was not delivered before it is left out', () => {
    const [from, to] = [shown(NOW - 10 * MINUTE_MS), shown(NOW - 4 * MINUTE_MS)]
    expect(planOf(TEN_BEHIND, ago(4), NOW)).toBe(
      `What took effect from ${from} to ${to} was not delivered, and is left out. Nothing comes again.`,
    )
  })

  it('of a consumer that has everything, a time is always back', () => {
    expect(planOf(UP_TO_DATE, ago(4), NOW)).toContain(`to ${shown(NOW)} was delivered, and comes again.`)
  })

  it('of a blocked consumer, nothing is known but the time', () => {
    expect(planOf({ feed: 'orders' }, ago(4), NOW)).toContain('whether it was delivered or not')
  })

  it('to now: what it has not delivered is left out, and counted where that is known', () => {
    const now = { at: 'now' } as const
    expect(planOf(TEN_BEHIND, now, NOW)).toContain('3 events that it has not delivered are left out.')
    expect(planOf({ feed: 'products', lag: { events: 1, seconds: 5 } }, now, NOW)).toContain(
      '1 changed product that it has not delivered is left out. It goes on with what changes from now on.',
    )
    expect(planOf(UP_TO_DATE, now, NOW)).toContain('nothing is left out')
    expect(planOf({ feed: 'orders' }, now, NOW)).toContain('What it has not delivered is left out.')
  })

  it('to the oldest: all comes again', () => {
    expect(planOf(TEN_BEHIND, { at: 'oldest' }, NOW)).toContain('Every event that is kept comes again')
    expect(planOf({ feed: 'products' }, { at: 'oldest' }, NOW)).toContain('Every product comes again')
  })
})
