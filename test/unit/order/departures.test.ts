import { describe, expect, it } from 'vitest'
import { timeDigits } from '../../../src/kernel/ids.ts'
import { DAY_MS, HOUR_MS } from '../../../src/kernel/instant.ts'
import { newOrderId } from '../../../src/kernel/partitions.ts'
import { createListFilling } from '../../../src/messaging/list-filling.ts'
import { fromArchiveText } from '../../../src/order/archive.ts'
import { listedOrders } from '../../../src/order/partition/listed-orders.ts'
import { listOrders, unlistOrders } from '../../../workers/order/order-list.ts'
import {
  authorizationOverdueEvent,
  CLIENT,
  NOW,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  paymentRefunded,
  paymentVoided,
  reservationOverdueEvent,
  STRANGER,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'
import { createOrderWorld, type OrderWorld } from '../../support/order-world.ts'

const DAYS = 7

const idAt = (at: number, number = 0): string =>
  newOrderId('0', timeDigits(at) + String(number).padStart(16, '0'))

const settle = (world: OrderWorld, orderId = ORDER_ID) => {
  const about = { data: { orderId }, at: world.memory.now() }
  world.answer(stockReserved(about), paymentAuthorized(about))
  world.answer(stockCommitted(about), paymentCaptured(about))
}

/** One settled and listed order, so long ago that it may leave. */
const oldWorld = async (options: Parameters<typeof createOrderWorld>[0] = {}) => {
  const world = createOrderWorld({ retentionDays: DAYS, ...options })
  world.place({ orderId: ORDER_ID, customerId: 'cust_1' })
  settle(world)
  await world.memory.ringUntilRest(world.wake)
  world.memory.advance((DAYS + 1) * DAY_MS)
  world.published()
  return world
}

/** Looks for orders that may leave, and lets them leave. */
const depart = async (world: OrderWorld) => {
  await world.partition().lookForDepartures()
  await world.memory.ringUntilRest(world.wake)
}

/** The same without the steps that are tried again later. */
const departNow = async (world: OrderWorld) => {
  await world.partition().lookForDepartures()
  await world.memory.ringUntil(world.memory.now(), world.wake)
}

const stored = ({ memory }: OrderWorld): string[] =>
  memory.sql<{ order_id: string }>('SELECT order_id FROM orders').map(({ order_id }) => order_id)

const archivedIds = ({ archived }: OrderWorld): string[] =>
  [...archived.values()].flatMap((text) => fromArchiveText(text).map(({ orderId }) => orderId))

describe('an order that is past its retention', () => {
  it('leaves the partition and the list, and lies in the archive under its day', async () => {
    const world = await oldWorld()
    await depart(world)
    expect(stored(world)).toEqual([])
    expect(world.unlisted).toEqual([ORDER_ID])
    expect([...world.archived.keys()]).toEqual([`orders-0/2026-11-23/000000001-${ORDER_ID}.ndjson`])
    expect(archivedIds(world)).toEqual([ORDER_ID])
  })

  it('is read as before, by those who could read it before', async () => {
    const world = await oldWorld()
    const { partition } = world
    const reads = (reader = CLIENT) => partition().access.get(ORDER_ID, reader)
    const [view, events] = [world.view(), partition().events(ORDER_ID, CLIENT)]
    await depart(world)
    expect(world.view()).toBeUndefined()
    expect(await reads()).toEqual(view)
    expect(await reads(STRANGER)).toBeUndefined()
    expect(await partition().access.events(ORDER_ID, CLIENT)).toEqual(events)
    const follow = { orderId: ORDER_ID, reader: CLIENT, after: events?.at(-2)?.id, withinMs: 0 }
    expect(await partition().access.follow(follow)).toEqual({
      ...{ events: events?.slice(-1), isSettled: true, isCrowded: false },
    })
  })

  it('is read as before once the retention is set back to 0, from when on no other order leaves', async () => {
    const world = await oldWorld()
    const [view, events] = [world.view(), world.partition().events(ORDER_ID, CLIENT)]
    await depart(world)
    world.retentionDays = 0
    world.restart()
    const orderId = idAt(world.memory.now(), 1)
    world.place({ orderId, placedAt: world.memory.now() })
    settle(world, orderId)
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    expect([stored(world), archivedIds(world)]).toEqual([[orderId], [ORDER_ID]])
    expect(await world.partition().access.get(ORDER_ID, CLIENT)).toEqual(view)
    expect(await world.partition().access.events(ORDER_ID, CLIENT)).toEqual(events)
  })

  it.each([
    ['a report of stock', stockReleased({ revision: 9 })],
    ['a report of payment', paymentVoided({ revision: 9 })],
    ['a repeated report', paymentCaptured()],
    ['an inquiry about stock', reservationOverdueEvent()],
    ['an inquiry about a payment', authorizationOverdueEvent()],
  ])('stays as it is after %s that is late', async (_what, report) => {
    const world = await oldWorld()
    await depart(world)
    const rows = world.memory.rows()
    world.published()
    expect(world.partition().applyReports([report])).toEqual([])
    expect(world.memory.rows()).toEqual(rows)
    expect(world.published()).toEqual([])
  })

  it('acknowledges a late refund, which is sent again until then', async () => {
    const world = await oldWorld()
    await depart(world)
    world.published()
    world.answer(paymentRefunded())
    expect(world.published()).toEqual(['payment FactNoted'])
    expect(stored(world)).toEqual([])
  })

  it('is not cancelled any more where it was confirmed', async () => {
    const world = await oldWorld()
    await depart(world)
    const cancel = (caller = CLIENT) =>
      world.partition().access.cancel({
        orderId: ORDER_ID,
        caller,
        request: undefined,
        detail: 'Late.',
        traceparent: undefined,
      })
    expect(await cancel()).toEqual({ ok: false, reason: { code: 'order_not_cancellable' } })
    expect(await cancel(STRANGER)).toEqual({ ok: false, reason: { code: 'order_not_found' } })
  })

  it('answers a cancellation as it stands where it was cancelled before', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    world.place()
    world.cancel()
    world.answer(stockReleased(), paymentVoided())
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance((DAYS + 1) * DAY_MS)
    const order = world.view()
    await depart(world)
    const again = {
      orderId: ORDER_ID,
      caller: CLIENT,
      request: undefined,
      detail: 'Late.',
      traceparent: undefined,
    }
    expect(await world.partition().access.cancel(again)).toEqual({
      ...{ ok: true, value: { status: 200, order, isReplay: false } },
    })
  })

  it('is named for the audit with a version that no order has', async () => {
    const world = await oldWorld()
    await depart(world)
    expect(world.partition().booksOf([ORDER_ID])).toMatchObject([{ orderId: ORDER_ID, version: 0 }])
    expect(world.partition().booksAfter('', 10)).toEqual([])
  })

  it('leaves nothing written for an order that is unknown and new: it is rejected as ever', async () => {
    const world = await oldWorld()
    await depart(world)
    const orderId = idAt(world.memory.now())
    world.answer(stockReserved({ data: { orderId } }))
    expect(stored(world)).toEqual([orderId])
  })
})

it('the read model loses the orders of these keys alone', async () => {
  const { database, sql } = createInMemoryD1('order', { folder: 'list-migrations' })
  const world = createOrderWorld()
  const ids = [ORDER_ID, idAt(NOW, 1)]
  for (const orderId of ids) world.place({ orderId })
  await world.memory.ringUntil(NOW + HOUR_MS, world.wake)
  await listOrders(database, world.listed)
  await unlistOrders(database, [[CLIENT.client, NOW, ORDER_ID]])
  await unlistOrders(database, [])
  expect(sql('SELECT order_id FROM listed_orders')).toEqual([{ order_id: ids[1] }])
})

describe('an order stays', () => {
  const stays = async (world: OrderWorld) => {
    const before = world.memory.rows()
    await depart(world)
    expect(world.memory.rows()).toEqual(before)
    expect(world.archived.size).toBe(0)
  }

  it('where no archive is bound, or the retention is 0', async () => {
    const world = await oldWorld()
    for (const days of [undefined, 0]) {
      world.retentionDays = days
      world.restart()
      await stays(world)
    }
  })

  it('until a whole day lies between its last fact and its retention', async () => {
    const world = await oldWorld()
    world.memory.advance(-DAY_MS)
    await stays(world)
  })

  it('while it is not settled', async () => {
    const world = await oldWorld()
    world.memory.advance(-(DAYS + 1) * DAY_MS)
    const orderId = idAt(NOW, 1)
    world.place({ orderId })
    world.answer(stockReserved({ data: { orderId } }))
    world.memory.advance((DAYS + 1) * DAY_MS)
    await departNow(world)
    expect(archivedIds(world)).toEqual([ORDER_ID])
    expect(stored(world)).toEqual([orderId])
  })

  it('while a webhook or the list does not have it', async () => {
    const world = createOrderWorld({ retentionDays: DAYS, wanted: ['OrderConfirmed'] })
    world.onList = async () => {
      throw new Error('the list is away')
    }
    world.place()
    settle(world)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await world.partition().lookForDepartures()
    await world.wake()
    world.onList = async () => {}
    await world.partition().lookForDepartures()
    await world.memory.ringUntil(world.memory.now() + HOUR_MS, world.wake)
    expect(stored(world)).toEqual([ORDER_ID])
    world.partition().acknowledge([`${ORDER_ID}/OrderConfirmed`])
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance(DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([])
  })

  it('while the partition, which was away for long, has yet to list it', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    world.place()
    settle(world)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await world.partition().lookForDepartures()
    expect(world.memory.sql('SELECT * FROM departures')).toEqual([])
    await world.wake()
    expect(world.listed.map(({ orderId }) => orderId)).toEqual([ORDER_ID])
    await depart(world)
    expect(stored(world)).toEqual([])
  })

  it('while its payment token is to be erased', async () => {
    const world = createOrderWorld({ retentionDays: DAYS, hashToken: 'no key' })
    world.place({ externalId: 'web-1' })
    settle(world)
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await stays(world)
  })

  it('where it was never placed here', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    world.answer(paymentDeclined())
    world.answer(stockReleased())
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance((DAYS + 1) * DAY_MS)
    await stays(world)
  })

  it('while the list is filled, which walks the rows', async () => {
    const world = await oldWorld()
    const source = listedOrders(async () => {})
    const filling = createListFilling({ host: world.memory.host, partition: 'orders-0', source })
    await world.partition().lookForDepartures()
    filling.restart()
    await world.memory.ringUntil(world.memory.now(), world.wake)
    expect(stored(world)).toEqual([ORDER_ID])
    await filling.wake()
    world.memory.advance(HOUR_MS)
    await depart(world)
    expect(stored(world)).toEqual([])
  })
})

describe('a portion of orders that leave', () => {
  it('has at most 200 orders, all of one day', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    const ids = [
      ...Array.from({ length: 250 }, (_, number) => idAt(NOW, number + 1)),
      ...Array.from({ length: 30 }, (_, number) => idAt(NOW + DAY_MS, number + 1)),
    ]
    for (const orderId of ids.slice(0, 250)) world.place({ orderId })
    for (const orderId of ids.slice(0, 250)) settle(world, orderId)
    world.memory.advance(DAY_MS)
    for (const orderId of ids.slice(250)) world.place({ orderId, placedAt: world.memory.now() })
    for (const orderId of ids.slice(250)) settle(world, orderId)
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance((DAYS + 1) * DAY_MS)
    const began = world.memory.now()
    await depart(world)
    expect(stored(world)).toEqual([])
    expect([...world.archived.values()].map((text) => fromArchiveText(text).length)).toEqual([200, 50, 30])
    expect(world.memory.now() - began).toBeGreaterThanOrEqual(400)
    for (const orderId of [ids[0], ids[225], ids[260]])
      expect(await world.partition().access.get(orderId ?? '', CLIENT)).toMatchObject({ orderId })
  })

  it('is archived again without an order that changes meanwhile', async () => {
    const world = await oldWorld()
    const other = idAt(NOW, 1)
    world.memory.advance(-(DAYS + 1) * DAY_MS)
    world.place({ orderId: other })
    settle(world, other)
    await world.memory.ringUntilRest(world.wake)
    world.memory.advance((DAYS + 1) * DAY_MS)
    let puts = 0
    world.onArchive = async () => {
      puts += 1
      if (puts === 1) world.cancel({ orderId: other })
    }
    await departNow(world)
    expect(puts).toBe(2)
    expect(archivedIds(world)).toEqual([ORDER_ID])
    expect(stored(world)).toEqual([other])
  })

  it('stays where all its orders change meanwhile', async () => {
    const world = await oldWorld()
    world.onArchive = async () => void world.cancel()
    await departNow(world)
    expect(stored(world)).toEqual([ORDER_ID])
    expect(archivedIds(world)).toEqual([])
    expect(world.memory.sql('SELECT * FROM departures')).toEqual([])
    expect(world.view()).toMatchObject({ status: 'cancelled' })
  })

  it.each(['onArchive', 'onUnlist'] as const)(
    'goes on under the same name after a failure: %s',
    async (step) => {
      const world = await oldWorld()
      const names: string[] = []
      world.onArchive = async (name) => void names.push(name)
      const works = { onArchive: world.onArchive, onUnlist: world.onUnlist }
      world[step] = async () => {
        throw new Error('away')
      }
      await departNow(world)
      expect(world.memory.logged).toContain('orders could not leave; this is tried again')
      world.restart()
      Object.assign(world, works)
      await world.memory.ringUntilRest(world.wake)
      expect(stored(world)).toEqual([])
      expect(world.unlisted).toEqual([ORDER_ID])
      expect(new Set(names).size).toBe(1)
      expect(archivedIds(world)).toEqual([ORDER_ID])
    },
  )

  it('is in the partition or in the archive, never in both, where the retention is set back to 0 at any step', async () => {
    const ends = new Set<string>()
    for (let statements = 0; ; statements += 1) {
      const world = await oldWorld()
      world.memory.failAfter(statements)
      await departNow(world).catch(() => undefined)
      const hasCrashed = world.memory.mend()
      Object.assign(world, { retentionDays: 0 })
      world.memory.advance(60_000)
      world.restart()
      await depart(world)
      expect([...stored(world), ...archivedIds(world)]).toEqual([ORDER_ID])
      expect([...new Set(world.unlisted)]).toEqual(archivedIds(world))
      expect(world.memory.sql('SELECT portion FROM departures WHERE due_at IS NOT NULL')).toEqual([])
      ends.add(stored(world).length === 1 ? 'stays' : 'left')
      if (!hasCrashed) break
    }
    expect(ends).toEqual(new Set(['stays', 'left']))
  })

  it.each(['end', 'fail'] as const)(
    'is not lost where a wake-up failed whose step is still at work, and will %s',
    async (how) => {
      const world = await oldWorld()
      const view = world.view()
      const slow = Promise.withResolvers<void>()
      let puts = 0
      world.onArchive = async () => {
        puts += 1
        if (puts === 1) await slow.promise
      }
      await world.partition().lookForDepartures()
      const wakes = [world.partition().wake(), world.partition().wake()]
      if (how === 'end') slow.resolve()
      else slow.reject(new Error('The archive is away.'))
      await Promise.all(wakes)
      await world.memory.ringUntilRest(world.wake)
      expect(puts).toBe(how === 'end' ? 1 : 2)
      expect(stored(world)).toEqual([])
      expect(world.unlisted).toEqual([ORDER_ID])
      expect(world.published()).toEqual(['inventory OrdersArchived', 'payment OrdersArchived'])
      expect(await world.partition().access.get(ORDER_ID, CLIENT)).toEqual(view)
    },
  )

  it('does not lose its text to an earlier one that the partition sent before it died', async () => {
    const world = await oldWorld()
    const view = world.view()
    await world.partition().lookForDepartures()
    Object.assign(world, { retentionDays: 0 })
    world.restart()
    const sent: string[] = []
    world.onArchive = (name) => {
      sent.push(name)
      return new Promise(() => {})
    }
    void world.partition().wake()
    await expect.poll(() => sent).toHaveLength(1)
    Object.assign(world, { retentionDays: DAYS, onArchive: async () => {} })
    world.memory.advance(1_000)
    world.restart()
    await world.partition().wake()
    for (const name of sent) world.archived.set(name, '')
    await world.memory.ringUntilRest(world.wake)
    expect(stored(world)).toEqual([])
    expect(await world.partition().access.get(ORDER_ID, CLIENT)).toEqual(view)
  })

  it('survives a crash after each statement: no order is lost, and each leaves once', async () => {
    let crashes = 0
    for (let statements = 0; ; statements += 1) {
      const world = await oldWorld()
      world.memory.failAfter(statements)
      await depart(world).catch(() => undefined)
      const hasCrashed = world.memory.mend()
      if (hasCrashed) crashes += 1
      const found = stored(world).length + archivedIds(world).length
      expect(found).toBeGreaterThanOrEqual(1)
      world.memory.advance(60_000)
      world.restart()
      await depart(world)
      expect([stored(world), archivedIds(world)]).toEqual([[], [ORDER_ID]])
      expect(world.memory.sql('SELECT orders FROM departed')).toEqual([{ orders: 1 }])
      expect(new Set(world.unlisted)).toEqual(new Set([ORDER_ID]))
      if (!hasCrashed) break
    }
    expect(crashes).toBeGreaterThan(10)
  })

  it('is looked for without a write', async () => {
    const world = await oldWorld()
    await depart(world)
    const rows = world.memory.rows()
    await depart(world)
    expect(world.memory.rows()).toEqual(rows)
  })
})

describe('the legs of orders that have left', () => {
  const unacknowledged = ({ memory }: OrderWorld) =>
    memory
      .sql<{ document: string }>('SELECT document FROM departures WHERE due_at IS NOT NULL')
      .map(({ document }) => JSON.parse(document).unacknowledged)

  const tellings = (world: OrderWorld) =>
    world.memory.takePublished().filter(({ event }) => event.type === 'OrdersArchived')

  /** A world whose order has left, and whose legs do not acknowledge. */
  const untoldWorld = async () => {
    const world = await oldWorld()
    world.legsLetGo = false
    await departNow(world)
    return world
  }

  it('are told once the order is in no list any more, and again until both have acknowledged', async () => {
    const world = await untoldWorld()
    const [first, second] = tellings(world)
    expect([first?.to, second?.to]).toEqual(['inventory', 'payment'])
    expect(first?.event).toMatchObject({
      ...{ id: `${ORDER_ID}/OrdersArchived`, subject: ORDER_ID, source: '/order' },
      data: { orderIds: [ORDER_ID], before: '2026-11-24T00:00:00.000Z' },
    })
    world.restart()
    await world.memory.ringUntil(world.memory.now() + 7_000, world.wake)
    expect(tellings(world)).toEqual([first, second])
    world.partition().acknowledgeBy('payment', [first?.event.id ?? ''])
    expect(unacknowledged(world)).toEqual([['inventory']])
    await world.memory.ringUntil(world.memory.now() + 15_000, world.wake)
    expect(tellings(world)).toEqual([first])
    world.partition().acknowledgeBy('inventory', [first?.event.id ?? ''])
    expect(unacknowledged(world)).toEqual([])
    await world.memory.ringUntilRest(world.wake)
    expect(tellings(world)).toEqual([])
  })

  it('are not told before the list has lost the orders', async () => {
    const world = await oldWorld()
    world.onUnlist = async () => {
      throw new Error('away')
    }
    await departNow(world)
    expect(stored(world)).toEqual([])
    expect(tellings(world)).toEqual([])
  })

  it('hold further orders back once twenty portions are not acknowledged, until they are', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    const days = 22
    for (let day = 0; day < days; day += 1) {
      const orderId = idAt(world.memory.now(), day)
      world.place({ orderId, placedAt: world.memory.now() })
      settle(world, orderId)
      await world.memory.ringUntilRest(world.wake)
      world.memory.advance(DAY_MS)
    }
    world.memory.advance((DAYS + 1) * DAY_MS)
    world.published()
    world.legsLetGo = false
    await world.partition().lookForDepartures()
    await world.memory.ringUntil(world.memory.now() + HOUR_MS, world.wake)
    expect(world.archived.size).toBe(20)
    world.legsLetGo = true
    await world.memory.ringUntilRest(world.wake)
    expect(world.archived.size).toBe(days)
    expect(stored(world)).toEqual([])
  })

  it('have acknowledged nothing where another event is acknowledged', async () => {
    const world = await untoldWorld()
    world.partition().acknowledgeBy('payment', [`${idAt(NOW, 1)}/OrdersArchived`])
    world.partition().acknowledgeBy('operations', [`${ORDER_ID}/OrdersArchived`])
    expect(unacknowledged(world)).toEqual([['inventory', 'payment']])
  })
})

describe('the erasure of a customer in the archive', () => {
  const CUSTOMER = { client: CLIENT.client, customerId: 'cust_1' }
  const erase = (world: OrderWorld, changes = {}) =>
    world.partition().eraseFromArchive({ customer: CUSTOMER, after: '', isDryRun: false, ...changes })

  it('leaves the order with its books, and nothing of the customer', async () => {
    const world = await oldWorld()
    const before = world.view()
    await depart(world)
    expect(await erase(world)).toEqual({ erased: [ORDER_ID], waiting: [] })
    expect([...world.archived.values()].join()).not.toContain('cust_1')
    expect(world.archived.size).toBe(1)
    expect(await world.partition().access.get(ORDER_ID, CLIENT)).toEqual({
      ...before,
      ...{ version: (before?.version ?? 0) + 1, customerId: '[erased]' },
    })
    expect(await erase(world)).toEqual({ erased: [], waiting: [] })
  })

  it('changes nothing in a dry run, nor for another customer or client', async () => {
    const world = await oldWorld()
    await depart(world)
    const texts = [...world.archived]
    expect(await erase(world, { isDryRun: true })).toEqual({ erased: [ORDER_ID], waiting: [] })
    for (const other of [{ client: 'somebody-else' }, { customerId: 'cust_2' }])
      expect(await erase(world, { customer: { ...CUSTOMER, ...other } })).toEqual({ erased: [], waiting: [] })
    expect([...world.archived]).toEqual(texts)
  })

  it('goes through all texts in portions, each customer beside another', async () => {
    const world = createOrderWorld({ retentionDays: DAYS })
    const ids: string[] = []
    for (let day = 0; day < 12; day += 1) {
      for (const [number, customerId] of ['cust_1', 'cust_2'].entries()) {
        const orderId = idAt(world.memory.now(), 2 * day + number)
        world.place({ orderId, customerId, placedAt: world.memory.now() })
        settle(world, orderId)
        if (number === 0) ids.push(orderId)
      }
      await world.memory.ringUntilRest(world.wake)
      world.memory.advance(DAY_MS)
    }
    world.memory.advance((DAYS + 1) * DAY_MS)
    await depart(world)
    const other = { customer: { ...CUSTOMER, customerId: 'cust_2' } }
    const [first, beside] = await Promise.all([erase(world), erase(world, other)])
    expect(first).toEqual({ erased: ids.slice(0, 10), waiting: [], next: '10' })
    expect(await erase(world, { after: first.next })).toEqual({ erased: ids.slice(10), waiting: [] })
    await erase(world, { ...other, after: beside.next })
    expect([...world.archived.values()].join()).not.toMatch(/cust_/)
    expect(archivedIds(world)).toHaveLength(24)
  })

  it('leaves an order alone that is about to leave: the partition still has it', async () => {
    const world = await oldWorld()
    world.onUnlist = async () => {}
    world.onArchive = async () => void (await erase(world))
    await depart(world)
    expect(archivedIds(world)).toEqual([ORDER_ID])
    expect(await erase(world, { isDryRun: true })).toEqual({ erased: [ORDER_ID], waiting: [] })
  })

  it('in the partition is not undone by a departure that is under way', async () => {
    const world = await oldWorld()
    world.onArchive = async () => {
      world.onArchive = async () => {}
      world.partition().eraseCustomer({ customer: CUSTOMER, after: '', isDryRun: false })
    }
    await depart(world)
    world.memory.advance(DAY_MS)
    await depart(world)
    expect(stored(world)).toEqual([])
    expect(world.archived.get([...world.archived.keys()].at(-1) ?? '')).not.toContain('cust_1')
  })

  it('finds nothing where no archive is bound', async () => {
    expect(await erase(createOrderWorld())).toEqual({ erased: [], waiting: [] })
  })
})
