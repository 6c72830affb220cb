import { describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { PlacingLimits } from '../../../src/order/open-order-limits.ts'
import {
  CLIENT,
  NOW,
  paymentAuthorized,
  paymentDeclined,
  placement,
  stockRejected,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const BOUNDS: PlacingLimits = { customer: { orders: 3, units: 100 }, failures: 2 }

const line = (quantity: number) => ({
  lines: [{ productId: 'P001', quantity, unitPriceMinor: 5_000, amountMinor: quantity * 5_000 }],
})

/** A shop whose customers are bounded; orders are numbered. */
const openBoundedShop = (bounds: PlacingLimits = BOUNDS) => {
  const world = createOrderWorld()
  let placed = 0
  const place = (changes: Parameters<typeof world.place>[0] = {}, key?: string) => {
    placed += 1
    const orderId = `ord_0_${placed}`
    const request = key === undefined ? undefined : { requestKey: key, fingerprint: 'body' }
    const answer = world.place({ orderId, customerId: 'cust_1', ...line(1), ...changes }, request, bounds)
    return answer.ok ? orderId : answer.reason.code
  }
  return {
    world,
    place,
    placeMany: (count: number, changes = {}) => Array.from({ length: count }, () => place(changes)),
    reserve: (orderId: string) => world.answer(stockReserved({ data: { orderId } })),
    authorize: (orderId: string) => world.answer(paymentAuthorized({ data: { orderId } })),
    buy: (orderId: string) =>
      world.answer(stockReserved({ data: { orderId } }), paymentAuthorized({ data: { orderId } })),
    decline: (orderId: string) => world.answer(paymentDeclined({ data: { orderId } })),
    cancel: (orderId: string) => world.cancel({ orderId }),
  }
}

const REFUSED = 'too_many_open_orders'

describe('open orders of a customer', () => {
  it('are refused beyond the bound, with a time to try again', () => {
    const { world, placeMany } = openBoundedShop()
    expect(placeMany(4)).toEqual(['ord_0_1', 'ord_0_2', 'ord_0_3', REFUSED])
    expect(world.place({ orderId: 'ord_0_9', customerId: 'cust_1' }, undefined, BOUNDS)).toEqual({
      ok: false,
      reason: {
        code: REFUSED,
        detail: 'The customer has too many orders open. Try again in 10 seconds.',
        retryAfterSeconds: 10,
      },
    })
    expect(world.partition().get('ord_0_9', CLIENT)).toBeUndefined()
  })

  it('count also while nothing has answered yet, so that a burst is bounded', () => {
    const { place } = openBoundedShop()
    expect(place(line(60))).toBe('ord_0_1')
    expect(place(line(60))).toBe(REFUSED)
  })

  it('may be one order of any size', () => {
    const { place } = openBoundedShop()
    expect([place(line(1_000_000)), place()]).toEqual(['ord_0_1', REFUSED])
  })

  it('do not count once they are decided', () => {
    const { placeMany, place, buy } = openBoundedShop()
    placeMany(3)
    buy('ord_0_2')
    expect([place(), place()]).toEqual(['ord_0_4', REFUSED])
  })

  it('are those of one customer of one client', () => {
    const { placeMany, place } = openBoundedShop()
    placeMany(3)
    expect(place({ customerId: 'cust_2' })).toBe('ord_0_4')
    expect(place({ client: 'another' })).toBe('ord_0_5')
  })

  it('are not counted without a customer, nor for a caller without bounds', () => {
    const { world, place } = openBoundedShop()
    const anonymous = Array.from({ length: 50 }, (_, nth) => {
      const { placedAt: _at, deadlineAt: _deadline, ...value } = placement({ orderId: `ord_0_x${nth}` })
      return world.partition().place({
        request: undefined,
        placement: { ok: true, value },
        bounds: BOUNDS,
      }).ok
    })
    const unbounded = Array.from(
      { length: 50 },
      (_, nth) => world.place({ orderId: `ord_0_y${nth}`, customerId: 'cust_9' }).ok,
    )
    expect([...anonymous, ...unbounded].every(Boolean)).toBe(true)
    expect(place()).toBe('ord_0_1')
  })

  it('are counted again after a restart, from the open rows', () => {
    const { world, placeMany, place, buy } = openBoundedShop()
    placeMany(3)
    buy('ord_0_1')
    world.restart()
    expect([place(), place()]).toEqual(['ord_0_4', REFUSED])
  })

  it('are not refused where the order was placed before and is only asked for again', () => {
    const { place, placeMany } = openBoundedShop()
    expect(place({}, 'key')).toBe('ord_0_1')
    placeMany(2)
    expect([place({}, 'key'), place()]).toEqual(['ord_0_4', REFUSED])
  })

  it('leave the key of a refused order free', () => {
    const { place, placeMany, buy } = openBoundedShop()
    placeMany(3)
    expect(place({}, 'key')).toBe(REFUSED)
    buy('ord_0_1')
    expect(place({}, 'key')).toBe('ord_0_5')
  })

  it('write nothing of their own', () => {
    const bounded = openBoundedShop()
    bounded.placeMany(4)
    const unbounded = createOrderWorld()
    for (const nth of [1, 2, 3])
      unbounded.place({ orderId: `ord_0_${nth}`, customerId: 'cust_1', ...line(1) })
    expect(bounded.world.memory.rows()).toEqual(unbounded.memory.rows())
  })

  it('are not counted where the turn was undone', () => {
    const { world, place, placeMany } = openBoundedShop()
    place()
    world.memory.failAfter(0)
    expect(() => placeMany(2)).toThrow('SQLITE_BUSY')
    world.memory.mend()
    expect(placeMany(3).at(-1)).toBe(REFUSED)
    expect(world.memory.rows().orders).toHaveLength(3)
  })

  it('are refused with one line in the log for many, which counts them', () => {
    const { world, place, placeMany, buy } = openBoundedShop()
    placeMany(50)
    world.memory.advance(11 * SECOND_MS)
    buy(place({ customerId: 'cust_2' }))
    placeMany(7)
    const lines = world.memory.lines.filter(({ message }) => message.startsWith('orders were refused'))
    expect(lines.map(({ fields }) => fields.refused)).toEqual([1, 47])
  })

  it('of 2 000 customers of one client are all taken', () => {
    const { place } = openBoundedShop()
    const placed = Array.from({ length: 2_000 }, (_, nth) => place({ customerId: `cust_${nth}` }))
    expect(placed).not.toContain(REFUSED)
  })
})

describe('open orders of a client', () => {
  it('are refused beyond the limit of its key, for any customer', () => {
    const { world, place } = openBoundedShop({ client: { orders: 3, units: 100 } })
    const placed = [1, 2, 3, 4].map((nth) => place({ customerId: `cust_${nth}` }))
    expect(placed.at(-1)).toBe(REFUSED)
    expect(world.place({ orderId: 'ord_0_9' }, undefined, { client: { orders: 3, units: 100 } }).ok).toBe(
      false,
    )
    expect(place({ client: 'another' })).toBe('ord_0_5')
  })
})

describe('a service that is away', () => {
  it('holds nothing against a customer whose orders wait for its answer', () => {
    const { world, placeMany, place } = openBoundedShop()
    placeMany(3)
    expect(place()).toBe(REFUSED)
    world.memory.advance(10 * SECOND_MS)
    expect(place()).toBe('ord_0_5')
  })

  it('reports on no order: an order that waits for the bank counts while others are answered', () => {
    const { world, placeMany, place, reserve, buy } = openBoundedShop()
    const waiting = placeMany(3)
    for (const orderId of waiting) reserve(orderId)
    world.memory.advance(MINUTE_MS)
    buy(place({ customerId: 'cust_2' }))
    expect(place()).toBe(REFUSED)
    world.memory.advance(10 * SECOND_MS)
    expect(place()).toBe('ord_0_6')
  })

  it('makes no order fail that it left waiting until the deadline', async () => {
    const { world, placeMany, place } = openBoundedShop()
    placeMany(3)
    await world.memory.ringUntil(NOW + 16 * MINUTE_MS, world.wake)
    expect(world.partition().get('ord_0_1', CLIENT)).toMatchObject({ reason: { code: 'deadline_exceeded' } })
    expect(place()).toBe('ord_0_4')
  })
})

describe('a customer whose last orders all failed', () => {
  /** Places an order as soon as that is allowed. Returns its id and the seconds that the customer was told to wait. */
  const placeAfterWait = ({ world, place }: ReturnType<typeof openBoundedShop>, changes = {}) => {
    let waitedSeconds = 0
    const attempt = (): string => {
      const orderId = place(changes)
      if (orderId !== REFUSED) return orderId
      world.memory.advance(SECOND_MS)
      waitedSeconds += 1
      return attempt()
    }
    return { orderId: attempt(), waitedSeconds }
  }

  it('waits before the next, longer each time, at most an hour', () => {
    const shop = openBoundedShop()
    const waits = Array.from({ length: 13 }, () => {
      const { orderId, waitedSeconds } = placeAfterWait(shop)
      shop.cancel(orderId)
      return waitedSeconds
    })
    expect(waits).toEqual([0, 0, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600])
  })

  it('gets the time to wait', () => {
    const { world, place, decline } = openBoundedShop()
    decline(place())
    decline(place())
    world.memory.advance(1_500)
    expect(world.place({ orderId: 'ord_0_9', customerId: 'cust_1' }, undefined, BOUNDS)).toMatchObject({
      reason: { code: REFUSED, retryAfterSeconds: 9 },
    })
  })

  it('keeps one large order from being cancelled and placed again, so that stock is free most of the time', () => {
    const shop = openBoundedShop()
    const startedAt = shop.world.memory.now()
    let heldMs = 0
    while (shop.world.memory.now() < startedAt + 60 * MINUTE_MS) {
      const { orderId } = placeAfterWait(shop, line(10_000))
      shop.reserve(orderId)
      shop.world.memory.advance(SECOND_MS)
      heldMs += SECOND_MS
      shop.cancel(orderId)
    }
    expect(heldMs).toBeLessThan(15 * SECOND_MS)
  })

  it('waits no longer once an order was bought', () => {
    const { place, decline, buy } = openBoundedShop()
    const [first, second] = [place(), place()]
    decline(first)
    buy(second)
    decline(place())
    expect(place()).toBe('ord_0_4')
  })

  it('waits also where each was bought first and cancelled after that', () => {
    const { place, buy, cancel } = openBoundedShop()
    const bought = [place(), place()]
    for (const orderId of bought) buy(orderId)
    for (const orderId of bought) cancel(orderId)
    expect(place()).toBe(REFUSED)
  })

  it('is not one whose orders found no stock', () => {
    const { world, place } = openBoundedShop()
    for (const orderId of [place(), place(), place()]) world.answer(stockRejected({ data: { orderId } }))
    expect(place()).toBe('ord_0_4')
  })

  it('is one who lets orders wait for the bank until their deadline, while others are answered', async () => {
    const { world, place, reserve, buy } = openBoundedShop()
    for (const orderId of [place(), place()]) reserve(orderId)
    for (let minute = 1; minute <= 15; minute += 1) {
      await world.memory.ringUntil(NOW + minute * MINUTE_MS - 2 * SECOND_MS, world.wake)
      buy(place({ customerId: 'cust_2' }))
    }
    await world.memory.ringUntil(NOW + 15 * MINUTE_MS, world.wake)
    expect(world.partition().get('ord_0_1', CLIENT)).toMatchObject({ reason: { code: 'deadline_exceeded' } })
    expect(place()).toBe(REFUSED)
  })

  it('is not one whose client has no bounds', () => {
    const world = createOrderWorld()
    const answers = Array.from({ length: 30 }, (_, nth) => {
      const orderId = `ord_0_${nth}`
      const answer = world.place({ orderId, customerId: 'cust_1' })
      world.cancel({ orderId })
      return answer.ok
    })
    expect(answers).not.toContain(false)
  })
})
