import { describe, expect, it } from 'vitest'
import { findOrders, listOrders } from '../../../workers/order/order-list.ts'
import {
  CLIENT,
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentVoided,
  stockCommitted,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const CUSTOMER = { client: CLIENT.client, customerId: 'cust_1' }
const SAID = { customerId: 'cust_1', reference: 'Anna Example', metadata: { phone: '555-0100' } }
const ERASED = { orderId: ORDER_ID, customerId: '[erased]' }
const WORDS = /cust_1|Anna|555-0100|moved to/

const orderId = (number: number) => `ord_0_${String(number).padStart(26, '0')}`

/** A partition with one order of the customer that settled as usual. */
const settledWorld = (options: Parameters<typeof createOrderWorld>[0] = {}) => {
  const world = createOrderWorld(options)
  world.place(SAID, { requestKey: 'key', fingerprint: 'body' })
  settle(world)
  return world
}

const settle = (world: ReturnType<typeof createOrderWorld>, id = ORDER_ID) => {
  const about = { data: { orderId: id } }
  world.answer(stockReserved(about), paymentAuthorized(about))
  world.answer(stockCommitted(about), paymentCaptured(about))
}

const stored = ({ memory }: ReturnType<typeof createOrderWorld>): string =>
  JSON.stringify(memory.sql('SELECT * FROM orders'))

const erase = (
  world: ReturnType<typeof createOrderWorld>,
  customer = CUSTOMER,
  after = '',
  isDryRun = false,
) => world.partition().eraseCustomer({ customer, after, isDryRun })

describe('the erasure of a customer', () => {
  it('leaves nothing of what the client said, and the books as they were', () => {
    const world = settledWorld()
    const [books, before] = [world.partition().booksAfter('', 10), world.view()]
    expect(stored(world)).toMatch(WORDS)
    expect(erase(world)).toEqual({ erased: [ORDER_ID], waiting: [] })
    expect(stored(world)).not.toMatch(WORDS)
    const { customerId: _id, reference: _reference, metadata: _metadata, ...kept } = before ?? {}
    const version = (before?.version ?? 0) + 1
    expect(world.view()).toEqual({ ...kept, version, customerId: '[erased]' })
    expect(world.partition().booksAfter('', 10)).toEqual(books.map((book) => ({ ...book, version })))
  })

  it('is no event: the history keeps its ids, and nothing is published', () => {
    const world = settledWorld()
    world.published()
    const before = world.partition().events(ORDER_ID, CLIENT)
    erase(world)
    expect(world.published()).toEqual([])
    const after = world.partition().events(ORDER_ID, CLIENT)
    expect(after?.map(({ id, revision }) => [id, revision])).toEqual(
      before?.map(({ id, revision }) => [id, revision]),
    )
    expect(JSON.stringify(after)).not.toMatch(WORDS)
  })

  it('erases the words of a cancellation, and keeps its code', () => {
    const world = createOrderWorld()
    world.place(SAID)
    world.cancel({ detail: 'She moved to Berlin.' })
    world.answer(stockReleased(), paymentVoided())
    erase(world)
    expect(stored(world)).not.toMatch(WORDS)
    expect(world.view()?.reason).toEqual({ code: 'cancelled_by_client', detail: 'The text was erased.' })
  })

  it('leaves an order alone that is not settled, and names it, until it is', () => {
    const world = createOrderWorld()
    world.place(SAID)
    const before = world.view()
    expect(erase(world)).toEqual({ erased: [], waiting: [ORDER_ID] })
    expect(world.view()).toEqual(before)
    settle(world)
    expect(erase(world)).toEqual({ erased: [ORDER_ID], waiting: [] })
  })

  it('waits until a webhook has the events of the order', () => {
    const world = settledWorld({ wanted: ['OrderConfirmed'] })
    expect(erase(world)).toEqual({ erased: [], waiting: [ORDER_ID] })
    world.partition().acknowledge([`${ORDER_ID}/OrderConfirmed`])
    expect(erase(world)).toEqual({ erased: [ORDER_ID], waiting: [] })
  })

  it('finds nothing the second time', () => {
    const world = settledWorld()
    erase(world)
    const before = stored(world)
    expect(erase(world)).toEqual({ erased: [], waiting: [] })
    expect(stored(world)).toBe(before)
  })

  it('changes nothing in a dry run', () => {
    const world = settledWorld()
    const before = stored(world)
    expect(erase(world, CUSTOMER, '', true)).toEqual({ erased: [ORDER_ID], waiting: [] })
    expect(stored(world)).toBe(before)
  })

  it.each([
    { client: 'somebody-else', customerId: 'cust_1' },
    { client: CLIENT.client, customerId: 'cust_2' },
    { client: CLIENT.client, customerId: 'cust_' },
  ])('leaves the orders of others alone: $client $customerId', (customer) => {
    const world = settledWorld()
    const before = stored(world)
    expect(erase(world, customer)).toEqual({ erased: [], waiting: [] })
    expect(stored(world)).toBe(before)
  })

  it('goes through all orders in portions, each with an end of its own', () => {
    const world = createOrderWorld()
    const [others, theirs] = [950, 230]
    for (let number = 0; number < others; number += 1) world.place({ orderId: orderId(number) })
    for (let number = others; number < others + theirs; number += 1) {
      world.place({ orderId: orderId(number), ...SAID })
      settle(world, orderId(number))
    }
    const portions: number[] = []
    let after: string | undefined = ''
    while (after !== undefined) {
      const { erased, next }: ReturnType<typeof erase> = erase(world, CUSTOMER, after)
      portions.push(erased.length)
      after = next
    }
    expect(portions).toEqual([50, 100, 80])
    expect(stored(world)).not.toMatch(WORDS)
  })

  it('answers a repeated request with the order, without what was erased', () => {
    const world = settledWorld()
    erase(world)
    const again = world.place({ ...SAID, orderId: 'another' }, { requestKey: 'key', fingerprint: 'body' })
    expect(again).toMatchObject({ ok: true, value: { isReplay: true, order: ERASED } })
    expect(JSON.stringify(again)).not.toMatch(WORDS)
  })

  it('reaches the list of orders, its filters too, by the alarm', async () => {
    const { database, sql } = createInMemoryD1('order', { folder: 'list-migrations' })
    const world = settledWorld()
    await world.memory.ringUntilRest(world.wake)
    await listOrders(database, world.listed)
    const listing = world.listed.length
    erase(world)
    await world.memory.ringUntilRest(world.wake)
    await listOrders(database, world.listed.slice(listing))
    expect(JSON.stringify(sql('SELECT * FROM listed_orders'))).not.toMatch(WORDS)
    const find = async (customerId: string) =>
      (await findOrders(database, CLIENT, { customerId }, { list: '', limit: 5 })).items
    expect(await find('cust_1')).toEqual([])
    expect(await find('[erased]')).toEqual([world.view()])
  })

  it('lets an older version of the order, listed late, bring nothing back', async () => {
    const { database, sql } = createInMemoryD1('order', { folder: 'list-migrations' })
    const world = settledWorld()
    await world.memory.ringUntilRest(world.wake)
    const older = world.listed.slice()
    erase(world)
    await world.memory.ringUntilRest(world.wake)
    await listOrders(database, world.listed)
    await listOrders(database, older)
    expect(JSON.stringify(sql('SELECT * FROM listed_orders'))).not.toMatch(WORDS)
  })

  it('keeps an external order the same order when its event comes again', () => {
    const world = createOrderWorld()
    const asked = {
      ...{ orderId: 'web-1', items: [{ productId: 'P001', quantity: 2 }], totalAmount: 100, currency: 'USD' },
      customerId: 'cust_1',
    }
    const lines = [{ productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 }]
    const value = { orderId: ORDER_ID, externalId: 'web-1', client: CLIENT.client, currency: 'USD' }
    const request = {
      ...{ asked, client: CLIENT.client, uniqueId: ORDER_ID },
      placement: {
        ok: true as const,
        value: { ...value, totalMinor: 10_000, lines, customerId: 'cust_1' },
      },
    }
    world.partition().externalOrders.place([request])
    settle(world)
    expect(erase(world)).toEqual({ erased: [ORDER_ID], waiting: [] })
    const before = stored(world)
    expect(world.partition().externalOrders.place([request])).toEqual([])
    expect(stored(world)).toBe(before)
    const other = { ...request, asked: { ...asked, totalAmount: 150 } }
    expect(world.partition().externalOrders.refuse([other])).toMatchObject([
      { reason: { code: 'order_id_taken' } },
    ])
  })

  it('lets the order be refunded and cancelled afterwards', () => {
    const world = settledWorld()
    erase(world)
    world.cancel({ detail: 'Returned.' })
    expect(world.view()).toMatchObject({ ...ERASED, status: 'cancelled', reason: { detail: 'Returned.' } })
  })
})
