import { describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import { backlogSince } from '../../../src/messaging/backlog.ts'
import {
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const SETTLED = [stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured()]

const placed = (): OrderWorld => {
  const world = createOrderWorld()
  world.place()
  world.published()
  return world
}

/** What is published until then, each with the seconds since the order was placed. */
const publishedUntil = async (world: OrderWorld, instant: number) => {
  const seen: { at: number; what: string }[] = []
  while ((world.memory.wakeAt() ?? Number.POSITIVE_INFINITY) <= instant) {
    await world.memory.ring(world.wake)
    const at = (world.memory.now() - NOW) / SECOND_MS
    seen.push(...world.published().map((what) => ({ at, what })))
  }
  return seen
}

describe('the read model', () => {
  it('has an order two seconds after it was placed', async () => {
    const world = placed()
    await world.memory.ring(world.wake)
    expect(world.memory.now()).toBe(NOW + 2 * SECOND_MS)
    expect(world.listed).toMatchObject([{ orderId: ORDER_ID, version: 1 }])
  })

  it('has an order that settled within that time once', async () => {
    const world = placed()
    world.answer(...SETTLED)
    await world.memory.ringUntilRest(world.wake)
    expect(world.listed).toMatchObject([{ orderId: ORDER_ID, version: 7 }])
  })

  it('has every later change within two seconds of it, at a whole second', async () => {
    const world = placed()
    await world.memory.ring(world.wake)
    world.memory.advance(500)
    world.answer(...SETTLED)
    await world.memory.ring(world.wake)
    expect(world.memory.now()).toBe(NOW + 4 * SECOND_MS)
    expect(world.listed).toMatchObject([{ version: 1 }, { version: 7 }])
  })

  it('that fails is tried again five seconds later', async () => {
    const world = placed()
    world.answer(...SETTLED)
    let failures = 0
    world.onList = async () => {
      failures += 1
      if (failures <= 2) throw new Error('overloaded')
    }
    await world.memory.ringUntilRest(world.wake)
    expect(world.memory.now()).toBe(NOW + 12 * SECOND_MS)
    expect(world.listed).toMatchObject([{ version: 7 }])
  })

  it('that fails holds up no resend and no deadline', async () => {
    const world = placed()
    world.onList = async () => {
      throw new Error('overloaded')
    }
    const seen = await publishedUntil(world, NOW + 15 * MINUTE_MS)
    expect(seen.filter(({ what }) => what === 'inventory OrderPlaced').length).toBeGreaterThan(10)
    expect(world.view()).toMatchObject({ status: 'rejected' })
  })

  it('that takes its time never overwrites what was answered meanwhile', async () => {
    const world = placed()
    world.onList = async () => {
      world.onList = async () => {}
      world.answer(...SETTLED)
    }
    await world.memory.ring(world.wake)
    expect(world.view()).toMatchObject({ status: 'confirmed', version: 7 })
    await world.memory.ringUntilRest(world.wake)
    expect(world.listed.map(({ version }) => version)).toEqual([1, 7])
  })
})

describe('what is outstanding', () => {
  it('is published again, the longer after the more often, and for five minutes within one', async () => {
    const seen = await publishedUntil(placed(), NOW + 5 * MINUTE_MS)
    const times = seen.filter(({ what }) => what === 'inventory OrderPlaced').map(({ at }) => at)
    const gaps = times.map((at, index) => at - (times[index - 1] ?? 0))
    const bounds = gaps.map((_, index) => [5, 10][index] ?? 20)
    expect(gaps.length).toBeGreaterThanOrEqual(13)
    expect(gaps.filter((gap, index) => gap < (bounds[index] ?? 0))).toEqual([])
    expect(gaps.filter((gap, index) => gap > (bounds[index] ?? 0) * 1.2)).toEqual([])
  })

  it('is published to the leg that has not answered, alone', async () => {
    const world = placed()
    world.answer(stockReserved())
    const seen = await publishedUntil(world, NOW + 7 * SECOND_MS)
    expect(seen.map(({ what }) => what)).toEqual(['payment OrderPlaced'])
  })

  it('is the same event, byte for byte, however often', async () => {
    const world = createOrderWorld()
    world.place()
    const [first] = world.memory.takePublished()
    await world.memory.ringUntil(NOW + 2 * MINUTE_MS, world.wake)
    const events = world.memory.takePublished().map(({ event }) => JSON.stringify(event))
    expect(new Set(events)).toEqual(new Set([JSON.stringify(first?.event)]))
  })

  it('is published again after a decision as soon as after a placement', async () => {
    const world = placed()
    await world.memory.ringUntil(NOW + 2 * MINUTE_MS, world.wake)
    world.answer(stockReserved(), paymentAuthorized())
    world.published()
    await world.memory.ringUntil(NOW + 2 * MINUTE_MS + 6 * SECOND_MS, world.wake)
    expect(world.published()).toEqual(['inventory OrderConfirmed', 'payment OrderConfirmed'])
  })

  it('is published ever less often during an hour without reports, and within a minute after one', async () => {
    const world = placed()
    world.answer(stockReserved(), paymentAuthorized())
    const hour = await publishedUntil(world, NOW + 60 * MINUTE_MS)
    expect(hour.filter(({ what }) => what === 'payment OrderConfirmed').length).toBeLessThan(30)
    const answeredAt = world.memory.now()
    world.answer(stockCommitted())
    const [next] = await publishedUntil(world, answeredAt + MINUTE_MS)
    expect(next?.what).toBe('payment OrderConfirmed')
  })

  it('G1: what is outstanding is published again after a restart, although the alarm was lost', async () => {
    const world = placed()
    world.memory.loseAlarm()
    world.restart()
    const seen = await publishedUntil(world, NOW + 7 * SECOND_MS)
    expect(seen.map(({ what }) => what)).toEqual(['inventory OrderPlaced', 'payment OrderPlaced'])
  })

  it('is published again after a restart', async () => {
    const world = placed()
    world.restart()
    const seen = await publishedUntil(world, NOW + 7 * SECOND_MS)
    expect(seen.map(({ what }) => what)).toEqual(['inventory OrderPlaced', 'payment OrderPlaced'])
  })
})

describe('a backlog that still holds our last publication', () => {
  const heldBy = (inbox: string, since = NOW) => {
    const world = placed()
    world.oldestWaiting = async (asked) => (asked === inbox ? since : undefined)
    return world
  }

  it('is not sent to again', async () => {
    const seen = await publishedUntil(heldBy('inventory'), NOW + 7 * SECOND_MS)
    expect(seen.map(({ what }) => what)).toEqual(['payment OrderPlaced'])
  })

  it('is sent to after ten minutes all the same', async () => {
    const world = placed()
    world.oldestWaiting = async () => NOW
    const seen = await publishedUntil(world, NOW + 11 * MINUTE_MS)
    const [first] = seen
    expect(first?.at).toBeGreaterThanOrEqual(600)
  })

  it('is sent to when what it holds is younger than our publication', async () => {
    const seen = await publishedUntil(heldBy('inventory', NOW + 1), NOW + 7 * SECOND_MS)
    expect(seen.map(({ what }) => what)).toEqual(['inventory OrderPlaced', 'payment OrderPlaced'])
  })

  it.each([
    [0, false],
    [100, false],
    [101, true],
  ])('is one from a hundred messages on: %d', (backlogCount, isBacklog) => {
    const metrics = { backlogCount, backlogBytes: 0, oldestMessageTimestamp: new Date(NOW) }
    expect(backlogSince(metrics)).toBe(isBacklog ? NOW : undefined)
  })

  it('is sent to when its backlog is unknown', async () => {
    const world = placed()
    world.oldestWaiting = async () => {
      throw new Error('no metrics')
    }
    const seen = await publishedUntil(world, NOW + 7 * SECOND_MS)
    expect(seen.map(({ what }) => what)).toEqual(['inventory OrderPlaced', 'payment OrderPlaced'])
  })
})

describe('the deadline', () => {
  it('gives up an order that is still pending, exactly then', async () => {
    const world = placed()
    world.answer(stockReserved())
    const seen = await publishedUntil(world, NOW + 15 * MINUTE_MS)
    expect(seen.slice(-2)).toEqual([
      { at: 900, what: 'inventory OrderRejected' },
      { at: 900, what: 'payment OrderRejected' },
    ])
    expect(world.view()).toMatchObject({ status: 'rejected', reason: { code: 'deadline_exceeded' } })
  })

  it('leaves a decided order alone', async () => {
    const world = placed()
    world.answer(...SETTLED)
    await world.memory.ringUntil(NOW + 20 * MINUTE_MS, world.wake)
    expect(world.view()).toMatchObject({ status: 'confirmed' })
  })
})

describe('at rest', () => {
  it('nothing is due for a settled and listed order', async () => {
    const world = placed()
    world.answer(...SETTLED)
    await world.memory.ring(world.wake)
    expect(world.memory.wakeAt()).toBeUndefined()
    expect(world.memory.sql('SELECT due_at FROM orders')).toEqual([{ due_at: null }])
  })

  it('a repeated answer wakes nothing', async () => {
    const world = placed()
    world.answer(...SETTLED)
    await world.memory.ringUntilRest(world.wake)
    world.answer(...SETTLED)
    expect(world.memory.wakeAt()).toBeUndefined()
  })

  it('an early wake-up does nothing', async () => {
    const world = placed()
    await world.wake()
    expect([world.listed, world.published()]).toEqual([[], []])
    expect(world.memory.wakeAt()).toBe(NOW + 2 * SECOND_MS)
  })
})

describe('a decision that has not taken effect after ten minutes', () => {
  const overdue = async () => {
    const world = placed()
    world.answer(stockReserved(), paymentDeclined())
    await world.memory.ringUntil(NOW + 20 * MINUTE_MS, world.wake)
    return world
  }

  it('is logged once', async () => {
    const { memory } = await overdue()
    expect(memory.logged.filter((message) => message === 'an order is stuck')).toHaveLength(1)
  })

  it('is shown, and listed so', async () => {
    const world = await overdue()
    expect(world.view()?.stuck).toMatchObject({ code: 'overdue', waitingFor: ['inventory'] })
    expect(world.listed.at(-1)).toMatchObject({ overdueSince: expect.any(Number) })
  })

  it('goes on being published', async () => {
    const world = await overdue()
    world.published()
    await world.memory.ringUntil(NOW + 30 * MINUTE_MS, world.wake)
    expect(world.published()).toContain('inventory OrderRejected')
  })

  it('comes to rest once it has taken effect after all', async () => {
    const world = await overdue()
    world.answer(stockReleased())
    await world.memory.ringUntilRest(world.wake)
    expect(world.view()).not.toHaveProperty('stuck')
  })
})

describe('a payment that the bank refused for good', () => {
  it('is asked for again every hour, not every minute', async () => {
    const world = placed()
    world.answer(...SETTLED)
    world.cancel()
    world.answer(stockReleased(), paymentCaptured({ data: { stuck: { code: 'closed', detail: 'No.' } } }))
    world.published()
    const seen = await publishedUntil(world, NOW + 150 * MINUTE_MS)
    expect(seen.map(({ what }) => what)).toEqual(['payment OrderCancelled', 'payment OrderCancelled'])
  })

  it('holds up no resend to the inventory', async () => {
    const world = placed()
    world.answer(...SETTLED)
    world.cancel()
    world.answer(paymentCaptured({ data: { stuck: { code: 'closed', detail: 'No.' } } }))
    world.published()
    await world.memory.ringUntil(NOW + MINUTE_MS, world.wake)
    expect(world.published()).toContain('inventory OrderCancelled')
  })
})

describe('many orders', () => {
  it('more than one wake-up handles are handled in the next, at once', async () => {
    const world = createOrderWorld()
    for (let index = 0; index < 501; index += 1) world.place({ orderId: `order-${index}` })
    await world.memory.ring(world.wake)
    expect([world.listed.length, world.memory.wakeAt()]).toEqual([500, NOW + SECOND_MS])
    await world.memory.ring(world.wake)
    expect([world.listed.length, world.memory.now()]).toEqual([501, NOW + SECOND_MS])
  })
})
