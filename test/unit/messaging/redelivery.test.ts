import { describe, expect, it } from 'vitest'
import { createEvent } from '../../../src/contracts/events.ts'
import type { Outgoing } from '../../../src/messaging/outgoing.ts'
import {
  afterDelay,
  earlySends,
  nextResendAt,
  resend,
  resendDelayMs,
  sentOnce,
} from '../../../src/messaging/redelivery.ts'

const LEAST = () => 0
const MOST = () => 1 - Number.EPSILON

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

  it('fewer than thirty times in an hour without an effect', () => {
    const timesAt = [0]
    while ((timesAt.at(-1) ?? 0) < 3_600_000) {
      timesAt.push((timesAt.at(-1) ?? 0) + resendDelayMs(timesAt.length, LEAST))
    }
    expect(timesAt.length).toBeLessThan(30)
  })

  it.each([1, 3, 4, 20, 1_000])(
    'within half a minute again once the receiver worked again after %d sends',
    (sends) => {
      expect(earlySends(sends)).toBeLessThanOrEqual(sends)
      expect(resendDelayMs(earlySends(sends), MOST)).toBeLessThan(30_000)
    },
  )
})

const SENT_AT = 1_000_000

const outgoing = (revision: number): Outgoing => ({
  to: revision % 2 === 0 ? 'inventory' : 'order',
  event: createEvent({
    type: 'WebhooksChanged',
    subject: 'webhooks',
    occurrence: String(revision),
    at: SENT_AT,
    revision,
    data: { types: [] },
  }),
})

const OUTSTANDING = [outgoing(1), outgoing(2)]

/** A row that was sent once, and what it looks like after `ms`, with what was sent then. */
const afterMs = (
  ms: number,
  options: Partial<Parameters<typeof resend>[2]> = {},
  outstanding = OUTSTANDING,
) => {
  const sent: Outgoing[] = []
  const row = resend({ orderId: 'ord_1', ...sentOnce(SENT_AT) }, outstanding, {
    now: SENT_AT + ms,
    publish: (events) => void sent.push(...events),
    ...options,
  })
  return { row, sent }
}

describe('a row with outstanding events', () => {
  it('is left as it is until the first delay is over', () => {
    expect(afterMs(4_999)).toEqual({ row: { orderId: 'ord_1', sends: 1, sentAt: SENT_AT }, sent: [] })
  })

  it('is sent again, all of it, once the first delay is over', () => {
    const row = { orderId: 'ord_1', sends: 2, sentAt: SENT_AT + 5_000 }
    expect(afterMs(5_000)).toEqual({ row, sent: OUTSTANDING })
  })

  it('is left as it is once no event is outstanding', () => {
    expect(afterMs(60_000, {}, [])).toEqual({
      row: { orderId: 'ord_1', sends: 1, sentAt: SENT_AT },
      sent: [],
    })
  })

  it('is sent again only where the queue lost it', () => {
    const { row, sent } = afterMs(5_000, { isQueued: ({ to }) => to === 'inventory' })
    expect(sent).toEqual([OUTSTANDING[0]])
    expect(row.sends).toBe(2)
  })

  it('is looked at later where the queue still has all of it, and counts as sent when it was', () => {
    const { row, sent } = afterMs(5_000, { isQueued: () => true })
    expect({ row, sent }).toEqual({ row: { orderId: 'ord_1', sends: 2, sentAt: SENT_AT }, sent: [] })
  })

  it('is looked at as early as its partition wants while the queue has all of it', () => {
    const { row } = afterMs(5_000, { isQueued: () => true, sendsWhileQueued: () => 1 })
    expect(row.sends).toBe(1)
  })
})

describe('the next look at a row', () => {
  it('comes one delay after the last send', () => {
    expect(nextResendAt(sentOnce(SENT_AT), SENT_AT + 1_000, LEAST)).toBe(SENT_AT + 5_000)
  })

  it('comes one delay from now where the delay after the last send is over', () => {
    expect(nextResendAt(sentOnce(SENT_AT), SENT_AT + 5_000, LEAST)).toBe(SENT_AT + 10_000)
  })

  it('comes after any other delay in the same way', () => {
    expect([afterDelay(100, 50, 120), afterDelay(100, 50, 150)]).toEqual([150, 200])
  })
})
