import { describe, expect, it } from 'vitest'
import { EVENTS } from '../../../src/contracts/events.ts'
import { WEBHOOK_TYPES } from '../../../src/contracts/webhook-types.ts'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { AttemptOutcome } from '../../../src/operations/attempt-outcome.ts'
import { afterAttempt, enqueued, resent, underLease } from '../../../src/operations/delivery-progress.ts'
import { KEPT_MS, newDelivery, type WebhookDelivery } from '../../../src/operations/webhook-delivery.ts'
import { NOW, orderCancelledEvent, orderConfirmedEvent } from '../../support/builders.ts'

const HOUR_MS = 60 * MINUTE_MS
const IDS = { deliveryId: 'msg_1', webhookId: 'wh_1' }
const fresh = () => newDelivery({ ...orderConfirmedEvent(), client: 'shop' }, IDS, NOW)

const begin = (delivery: WebhookDelivery, now: number): WebhookDelivery => {
  const leased = underLease(delivery, now)
  if (leased === undefined) throw new Error('there is nothing to try')
  return leased
}

const tried = (
  delivery: WebhookDelivery,
  outcome: AttemptOutcome,
  now = delivery.nextTryAt,
  chance = 0,
): WebhookDelivery => {
  const leased = begin(delivery, now)
  return afterAttempt(leased, { attempt: leased.attempts, outcome }, { now, chance })
}

/** Each failed at once, until there is no try left. */
const failures = (delivery: WebhookDelivery): WebhookDelivery[] => {
  const after = tried(delivery, { status: 500 })
  return after.status === 'pending' ? [after, ...failures(after)] : [after]
}

describe('a delivery', () => {
  it('carries no payment token, whatever an event of its type brings', () => {
    for (const type of WEBHOOK_TYPES) expect(Object.keys(EVENTS[type].data.shape)).not.toContain('payment')
    const data = { ...orderConfirmedEvent().data, payment: { token: 'pm_card_visa' } }
    expect(newDelivery({ ...orderConfirmedEvent(), data }, IDS, NOW).body).not.toContain('pm_')
  })

  it('carries the event as others see it: whose order it is stays inside', () => {
    expect(JSON.parse(fresh().body)).toEqual(orderConfirmedEvent())
  })

  it('carries no attribute and no data that are only for our own services', () => {
    const event = orderCancelledEvent()
    const redriven = {
      ...event,
      redriveid: '01m84k7d3xj3k0vq1yh6e5b9ra',
      data: { ...event.data, client: 'shop' },
    }
    expect(JSON.parse(newDelivery(redriven, IDS, NOW).body)).toEqual(event)
  })

  it('is tried ten times over about a day, and given up then', () => {
    const tries = failures(fresh())
    const last = tries.at(-1)
    const hours = ((last?.lastTriedAt ?? 0) - NOW) / HOUR_MS
    expect(tries).toHaveLength(10)
    expect(last).toMatchObject({ status: 'failed', attempts: 10, lastStatus: 500 })
    expect([hours > 22, hours < 26]).toEqual([true, true])
  })

  it('waits longer after every try, and a little longer by chance', () => {
    const waits = failures(fresh())
      .slice(0, -1)
      .map(({ nextTryAt, lastTriedAt = 0 }) => nextTryAt - lastTriedAt)
    expect(waits).toEqual(waits.toSorted((left, right) => left - right))
    expect(waits[0]).toBe(5 * SECOND_MS)
    const unlucky = tried(fresh(), { status: 500 }, NOW, 1)
    expect(unlucky.nextTryAt - NOW).toBe(5.5 * SECOND_MS)
  })

  it('has the same id and body on every try', () => {
    const seen = failures(fresh()).map(({ deliveryId, body }) => `${deliveryId} ${body}`)
    expect(new Set(seen).size).toBe(1)
  })

  it.each([200, 201, 204, 299])('is delivered by %i', (status) => {
    expect(tried(fresh(), { status })).toMatchObject({ status: 'delivered', dueAt: NOW + KEPT_MS })
  })

  it.each<AttemptOutcome>([
    { status: 302 },
    { status: 400 },
    { status: 404 },
    { status: 500 },
    { error: 'No answer within 15 s.' },
  ])('is tried again after %j', (outcome) => {
    expect(tried(fresh(), outcome)).toMatchObject({ status: 'pending', nextTryAt: NOW + 5 * SECOND_MS })
  })

  it('is not tried again after 410', () => {
    expect(tried(fresh(), { status: 410 })).toMatchObject({ status: 'failed', attempts: 1, lastStatus: 410 })
  })

  it('is tried by one at a time, until the lease ends', () => {
    const leased = begin(fresh(), NOW)
    expect(underLease(leased, NOW + 29 * SECOND_MS)).toBeUndefined()
    expect(underLease(leased, NOW + 30 * SECOND_MS)).toMatchObject({ attempts: 2 })
  })

  it('counts no failure for an attempt without a report, and makes the next one later', () => {
    const lost = Array.from({ length: 12 }).reduce<{ delivery: WebhookDelivery; waits: number[] }>(
      ({ delivery, waits }) => {
        const leased = begin(delivery, delivery.dueAt)
        return { delivery: leased, waits: [...waits, leased.dueAt - delivery.dueAt] }
      },
      { delivery: fresh(), waits: [] },
    )
    expect(lost.waits.slice(0, 6).map((ms) => ms / SECOND_MS)).toEqual([30, 60, 120, 240, 480, 900])
    expect(lost.waits.at(-1)).toBe(15 * MINUTE_MS)
    const heard = tried(lost.delivery, { status: 500 }, lost.delivery.dueAt)
    expect(heard).toMatchObject({ status: 'pending', attempts: 13, failures: 1, unheard: 0 })
    expect(heard.nextTryAt - lost.delivery.dueAt).toBe(5 * SECOND_MS)
    expect(failures(heard)).toHaveLength(9)
  })

  it('does not hold it against the address that our resolver is away, and asks again later each time', () => {
    const away = { error: 'The address could not be looked up.', isOurFault: true } as const
    const waits: number[] = []
    let delivery = fresh()
    for (let times = 0; times < 12; times += 1) {
      delivery = tried(delivery, away)
      waits.push((delivery.nextTryAt - (delivery.lastTriedAt ?? 0)) / SECOND_MS)
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, ...Array(7).fill(900)])
    expect(delivery).toMatchObject({ status: 'pending', failures: 0, attempts: 12, lastError: away.error })
    expect(failures(delivery)).toHaveLength(10)
  })

  it('is not tried before its time, nor when it is over', () => {
    const failed = tried(fresh(), { status: 500 })
    expect(underLease(failed, failed.nextTryAt - 1)).toBeUndefined()
    expect(underLease(tried(fresh(), { status: 204 }), NOW + 1)).toBeUndefined()
  })

  it('ignores what an older try says, unless it went well', () => {
    const first = begin(fresh(), NOW)
    const second = begin(first, NOW + MINUTE_MS)
    const at = { now: NOW + MINUTE_MS, chance: 0 }
    expect(afterAttempt(second, { attempt: 1, outcome: { status: 500 } }, at)).toBe(second)
    expect(afterAttempt(second, { attempt: 1, outcome: { status: 200 } }, at)).toMatchObject({
      status: 'delivered',
    })
  })

  it('that was delivered stays so, whatever is said later', () => {
    const delivered = tried(fresh(), { status: 204 })
    const late = { attempt: 1, outcome: { status: 500 } }
    expect(afterAttempt(delivered, late, { now: NOW, chance: 0 })).toBe(delivered)
  })

  it('is put on the queue again, the later the more often', () => {
    const first = enqueued(fresh(), NOW)
    const second = enqueued(first, NOW)
    expect([first.dueAt - NOW, second.dueAt - NOW]).toEqual([MINUTE_MS, 2 * MINUTE_MS])
    const manyth = Array.from({ length: 30 }).reduce<WebhookDelivery>((each) => enqueued(each, NOW), fresh())
    expect(manyth.dueAt - NOW).toBe(15 * MINUTE_MS)
  })

  it('that is sent anew has as many tries as a new one, and keeps its count', () => {
    const given = failures(fresh()).at(-1) ?? fresh()
    const again = resent(given, NOW + 48 * HOUR_MS)
    expect(again).toMatchObject({ status: 'pending', attempts: 10, nextTryAt: NOW + 48 * HOUR_MS })
    expect(failures(again)).toHaveLength(10)
  })

  it('that is just being tried is not sent anew beside that', () => {
    const leased = begin(fresh(), NOW)
    expect(resent(leased, NOW + SECOND_MS)).toBe(leased)
  })
})
