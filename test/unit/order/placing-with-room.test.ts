import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { newOrderId } from '../../../src/kernel/partitions.ts'
import { success } from '../../../src/kernel/result.ts'
import type { IdempotentRequest } from '../../../src/messaging/idempotency.ts'
import type { PlaceRequest } from '../../../src/order/partition/placement.ts'
import { createFullPartitions, placeWithRoom } from '../../../src/order/placing-with-room.ts'
import { CLIENT, NOW, placement } from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const LABELS = ['0', '1', '2']
const KEY = { requestKey: 'key', fingerprint: 'body' }
const OTHER_BODY = { requestKey: 'key', fingerprint: 'other' }

/** Three partitions, and an edge whose isolate may be another in each call. */
const createShop = () => {
  const full = new Set<string>()
  const worlds = new Map(LABELS.map((label) => [label, createOrderWorld({ isFull: () => full.has(label) })]))
  const calls: string[] = []
  let now = NOW
  let ulids = 0
  let known = createFullPartitions(() => now)
  const worldOf = (label: string) => {
    const world = worlds.get(label)
    if (world === undefined) throw new Error(`there is no partition ${label}`)
    return world
  }
  const place = (label: string, request: PlaceRequest) => {
    calls.push(label)
    return Promise.resolve(worldOf(label).partition().place(request))
  }
  const asking = (label: string, request?: IdempotentRequest): PlaceRequest => {
    ulids += 1
    const orderId = newOrderId(label, String(ulids).padStart(26, '0'))
    const { placedAt: _at, deadlineAt: _deadline, ...value } = placement({ orderId })
    return { request, placement: success(value) }
  }
  return {
    full,
    worldOf,
    /** The calls since this was last asked. */
    calls: () => calls.splice(0),
    later: (ms: number) => {
      now += ms
    },
    otherIsolate: () => {
      known = createFullPartitions(() => now)
    },
    order: async (label: string, request?: IdempotentRequest, fenced: string[] = []) => {
      const [first] = fenced
      const earlier = first && request ? worldOf(first).partition().fence(request) : undefined
      return await placeWithRoom(label, asking(label, request), {
        ...{ labels: LABELS, fenced, earlier, full: known, place },
      })
    },
    /** How many orders each partition has. */
    counts: () => LABELS.map((label) => worldOf(label).partition().booksAfter('', 100).length),
  }
}

const idOf = (reply: Awaited<ReturnType<ReturnType<typeof createShop>['order']>>): string => {
  if (!reply.ok) throw new Error(reply.reason.code)
  return reply.value.order.orderId
}

describe('a new order', () => {
  it('is placed in its own partition while that has room, in one call', async () => {
    const shop = createShop()
    expect(idOf(await shop.order('1', KEY))).toMatch(/^ord_1_/)
    expect(shop.calls()).toEqual(['1'])
  })

  it.each([[undefined], [KEY]])(
    'is placed in another partition, under an id that leads there, where its own is full',
    async (key) => {
      const shop = createShop()
      shop.full.add('0')
      const orderId = idOf(await shop.order('0', key))
      const [, home] = shop.calls()
      expect(orderId.startsWith(`ord_${home}_`)).toBe(true)
      expect(
        shop
          .worldOf(home ?? '')
          .partition()
          .get(orderId, CLIENT),
      ).toMatchObject({ orderId })
      expect(shop.counts()[0]).toBe(0)
    },
  )

  it('without a key asks a partition that was full of late no more, until a minute has passed', async () => {
    const shop = createShop()
    shop.full.add('0')
    await shop.order('0')
    shop.calls()
    await shop.order('0')
    expect(shop.calls()).not.toContain('0')
    shop.later(MINUTE_MS)
    await shop.order('0')
    expect(shop.calls()[0]).toBe('0')
  })

  it('is spread over all partitions that have room', async () => {
    const shop = createShop()
    shop.full.add('0')
    for (let nth = 0; nth < 20; nth += 1) await shop.order('0')
    const [none, ...others] = shop.counts()
    expect(none).toBe(0)
    expect(Math.min(...others)).toBeGreaterThan(0)
  })

  it.each([[undefined], [KEY]])('is placed all the same where every partition is full', async (key) => {
    const shop = createShop()
    for (const label of LABELS) shop.full.add(label)
    idOf(await shop.order('0', key))
    expect(shop.calls().toSorted()).toEqual(LABELS)
    expect(shop.counts().reduce((sum, count) => sum + count)).toBe(1)
  })

  it('that cannot be placed is refused by its own partition, and moves no key', async () => {
    const shop = createShop()
    shop.full.add('0')
    const reason = { code: 'unknown_product', detail: 'The catalogue has no product X.' } as const
    const request = { request: KEY, placement: { ok: false, reason } } as const
    expect(
      shop
        .worldOf('0')
        .partition()
        .place({ ...request, moveTo: '1' }),
    ).toEqual({ ok: false, reason })
    expect(shop.worldOf('0').memory.sql('SELECT * FROM idempotency_keys')).toEqual([])
  })
})

describe('a key', () => {
  it('places one order, whatever its isolate knows and wherever there is room by then', async () => {
    const shop = createShop()
    shop.full.add('0')
    const first = idOf(await shop.order('0', KEY))
    shop.otherIsolate()
    shop.full.clear()
    const [, home] = shop.calls()
    if (home !== undefined) shop.full.add(home)
    expect(await shop.order('0', KEY)).toMatchObject({
      ok: true,
      value: { isReplay: true, order: { orderId: first } },
    })
    expect(shop.counts().reduce((sum, count) => sum + count)).toBe(1)
  })

  it('goes on where it was cut off before the other partition had it', async () => {
    const shop = createShop()
    shop.full.add('0')
    const { placedAt: _at, deadlineAt: _deadline, ...value } = placement()
    const cutOff = { request: KEY, placement: success(value), moveTo: '2' }
    expect(shop.worldOf('0').partition().place(cutOff)).toEqual({
      ok: false,
      reason: { code: 'partition_full', movedTo: '2' },
    })
    shop.full.clear()
    expect(idOf(await shop.order('0', KEY))).toMatch(/^ord_2_/)
    expect(shop.counts()).toEqual([0, 0, 1])
  })

  it('with another body is refused by the partition that has its order', async () => {
    const shop = createShop()
    shop.full.add('0')
    await shop.order('0', KEY)
    const reused = await shop.order('0', OTHER_BODY)
    expect(reused).toEqual({ ok: false, reason: { code: 'idempotency_key_reused' } })
  })

  it('is free for another body where it has moved and nothing was placed', async () => {
    const shop = createShop()
    shop.full.add('0')
    const { placedAt: _at, deadlineAt: _deadline, ...value } = placement()
    shop
      .worldOf('0')
      .partition()
      .place({ request: KEY, placement: success(value), moveTo: '2' })
    expect(idOf(await shop.order('0', OTHER_BODY))).toMatch(/^ord_2_/)
    expect(shop.counts()).toEqual([0, 0, 1])
  })

  it('that moved before there were more partitions keeps its way', async () => {
    const shop = createShop()
    shop.full.add('0')
    const first = idOf(await shop.order('0', KEY))
    expect(idOf(await shop.order('2', KEY, ['0']))).toBe(first)
    expect(shop.counts().reduce((sum, count) => sum + count)).toBe(1)
  })

  it('never moves to a partition in which it is fenced', async () => {
    const shop = createShop()
    shop.full.add('2')
    expect(idOf(await shop.order('2', KEY, ['0']))).toMatch(/^ord_1_/)
  })

  it('is forgotten after two days, also where it has moved', async () => {
    const shop = createShop()
    shop.full.add('0')
    await shop.order('0', KEY)
    const { memory, wake, partition } = shop.worldOf('0')
    expect(memory.sql('SELECT * FROM idempotency_keys')).toHaveLength(1)
    memory.advance(3 * DAY_MS)
    partition().wakeForDue()
    await memory.ringUntilRest(wake)
    expect(memory.sql('SELECT * FROM idempotency_keys')).toEqual([])
  })
})
