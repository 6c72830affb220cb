import { beforeAll, describe, expect, it } from 'vitest'
import { labelOfOrder } from '../../src/kernel/partitions.ts'
import { eventually } from '../support/eventually.ts'
import { type SharedSystem, sharedSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { startReceiver } from '../support/receiver.ts'
import { openShop } from '../support/shop.ts'

type Shop = ReturnType<typeof openShop>

let system: SharedSystem
let operator: Shop
let one: Shop
let other: Shop

const OF_ONES_OWN = [
  'orders:read',
  'orders:write',
  'payments:read',
  'payments:write',
  'events:write',
] as const

beforeAll(async () => {
  system = await sharedSystem()
  operator = openShop(system)
  await operator.stock('P001', 100_000)
  one = await openShopOf(system, 'one', OF_ONES_OWN)
  other = await openShopOf(system, 'other', OF_ONES_OWN)
})

const placed = (orderId: string, quantity = 1, changes: object = {}) => ({
  eventType: 'OrderPlaced',
  orderId,
  items: [{ productId: 'P001', quantity }],
  totalAmount: 50 * quantity,
  timestamp: '2023-10-05T12:00:00Z',
  ...changes,
})

const publish = async (shop: Shop, ...events: object[]) => {
  const { status, body } = await shop.post('/events', events)
  expect({ status, body }).toMatchObject({ status: 202 })
}

/** The unique id of an order, as its events say it. */
const uniqueIdOf = async (shop: Shop, orderId: string): Promise<string> => {
  const { body } = await shop.call(`/orders/${orderId}/events`)
  return body.events[0].subject
}

const CHARGED = { done: ['authorize', 'capture'], refunded: 0 }

describe('two clients that give their orders the same id', () => {
  beforeAll(async () => {
    await Promise.all([
      publish(one, placed('12345', 1), placed('12346', 1)),
      publish(other, placed('12345', 3), placed('12346', 3)),
    ])
    await Promise.all([one, other].flatMap((shop) => ['12345', '12346'].map((id) => shop.settled(id))))
  })

  it('are both charged, each once', async () => {
    expect(await one.read('12345')).toMatchObject({ orderId: '12345', status: 'confirmed', totalAmount: 50 })
    expect(await other.read('12345')).toMatchObject({
      orderId: '12345',
      status: 'confirmed',
      totalAmount: 150,
    })
    expect(await one.bank('12345')).toMatchObject({ ...CHARGED, captured: 50 })
    expect(await other.bank('12345')).toMatchObject({ ...CHARGED, captured: 150 })
  })

  it('see each their own payment, events and lists', async () => {
    expect((await one.call('/payments/12345')).body).toMatchObject({ orderId: '12345', capturedAmount: 50 })
    expect((await other.call('/payments/12345')).body).toMatchObject({
      orderId: '12345',
      capturedAmount: 150,
    })
    const idsOf = async (path: string) =>
      (await one.call(path)).body.items.map((item: { orderId: string }) => item.orderId)
    for (const path of ['/orders', '/payments']) {
      const ids = await eventually(
        () => idsOf(path),
        (listed) => listed.length === 2,
      )
      expect(ids.toSorted()).toEqual(['12345', '12346'])
    }
    const { body } = await one.call('/orders/12345/events')
    const unique = await uniqueIdOf(one, '12345')
    expect(unique).toMatch(/^ord_/)
    expect(unique).not.toBe(await uniqueIdOf(other, '12345'))
    for (const event of body.events) {
      expect(event).toMatchObject({ subject: unique, data: { orderId: '12345' } })
      expect(event.id.startsWith(`${unique}/`)).toBe(true)
      expect(JSON.stringify(event)).not.toContain('externalid')
    }
  })

  it('get their own order again where they send it again, and a refusal where it is another one', async () => {
    await publish(one, placed('12345', 1))
    expect(await one.bank('12345')).toMatchObject({ ...CHARGED, captured: 50 })
    const batch = [placed('12347'), placed('12345', 3)]
    expect(await one.problem(one.post('/events', batch))).toEqual({
      status: 409,
      code: 'order_id_taken',
      paths: ['/1/orderId'],
    })
    expect((await one.call('/orders/12347')).status).toBe(404)
  })

  it('cancel and refund each their own', async () => {
    expect(await one.post('/orders/12345/cancel')).toMatchObject({ status: 202, body: { orderId: '12345' } })
    await eventually(
      () => one.bank('12345'),
      ({ refunded }) => refunded === 50,
    )
    const unique = await uniqueIdOf(other, '12346')
    const key = { 'idempotency-key': 'refund-12346' }
    const refund = await other.post('/payments/12346/refunds', { amount: 20 }, key)
    expect(refund).toMatchObject({ status: 202, body: { orderId: '12346' } })
    const again = await other.post(`/payments/${unique}/refunds`, { amount: 20 }, key)
    expect(again.body).toEqual(refund.body)
    await eventually(
      () => other.bank('12346'),
      ({ refunded }) => refunded === 20,
    )
    expect(await other.read('12345')).toMatchObject({ status: 'confirmed', payment: { status: 'captured' } })
    expect(await other.bank('12345')).toMatchObject({ ...CHARGED, captured: 150 })
    expect(await one.bank('12346')).toMatchObject({ ...CHARGED, captured: 50 })
  })
})

describe('what leaves', () => {
  it('names the order as its client does, under an id of its own; a webhook of another hears nothing', async () => {
    const receiver = await startReceiver()
    for (const [shop, path] of [
      [one, '/one'],
      [other, '/other'],
    ] as const) {
      const types = ['OrderConfirmed', 'OrderSettled']
      const { body } = await shop.post('/webhooks', { url: receiver.url(path), types })
      await eventually(
        () => shop.call(`/webhooks/${body.id}`),
        (webhook) => webhook.body.status === 'enabled',
      )
    }
    await publish(one, placed('told'))
    const told = await eventually(
      () => receiver.at('/one').map(({ body }) => JSON.parse(body)),
      (events) => events.length === 2,
    )
    const subject = await uniqueIdOf(one, 'told')
    for (const event of told) {
      expect(event).toMatchObject({ id: `${subject}/${event.type}`, subject, data: { orderId: 'told' } })
      expect(event).not.toHaveProperty('externalid')
    }
    expect(receiver.at('/other')).toEqual([])
    await receiver.close()
  })
})

describe('a client that takes ids which are another’s', () => {
  it('keeps no other client from its id', async () => {
    await publish(one, ...Array.from({ length: 20 }, (_, index) => placed(`web-${index}`)))
    await publish(other, ...Array.from({ length: 20 }, (_, index) => placed(`web-${index}`, 2)))
    expect(await other.settled('web-7')).toMatchObject({ status: 'confirmed', totalAmount: 100 })
  })

  it('learns nothing of them: not by placing, and not by any call that names them', async () => {
    await publish(one, placed('secret-1'))
    await one.settled('secret-1')
    const unique = await uniqueIdOf(one, 'secret-1')
    const nobodys = [`${unique.slice(0, -4)}0000`, 'secret-0']
    for (const [index, id] of [unique, 'secret-1'].entries()) {
      for (const [method, path] of [
        ['GET', '/orders/ID'],
        ['GET', '/orders/ID/events'],
        ['POST', '/orders/ID/cancel'],
        ['GET', '/payments/ID'],
        ['POST', '/payments/ID/refunds'],
        ['GET', '/simulator/payments/ID'],
      ] as const) {
        const ask = async (named: string) => {
          const { status, body } = await other.call(path.replace('ID', named), { method })
          return { path, status, body: JSON.stringify({ ...body, traceId: '' }).replaceAll(named, 'ID') }
        }
        expect(await ask(id)).toEqual(await ask(nobodys[index] ?? ''))
      }
    }
    const wrong = (id: string) => other.problem(other.post('/events', placed(id, 1, { totalAmount: 1 })))
    expect(await wrong('secret-1')).toEqual(await wrong('secret-0'))
  })
})

describe('a caller that acts for all clients', () => {
  const CALLS = [
    ['GET', '/orders/ID', 200],
    ['GET', '/orders/ID/events', 200],
    ['GET', '/payments/ID', 200],
    ['GET', '/simulator/payments/ID', 200],
    ['POST', '/payments/ID/refunds', 202],
    ['POST', '/orders/ID/cancel', 202],
  ] as const

  it('names an order by the id that its client gave it, where only one did, and shows its client', async () => {
    await publish(one, placed('single'))
    await one.settled('single')
    expect((await operator.call('/orders/single')).body).toMatchObject({ orderId: 'single', client: 'one' })
    expect((await operator.call('/payments/single')).body).toMatchObject({ orderId: 'single', client: 'one' })
    expect(await one.read('single')).not.toHaveProperty('client')
    for (const path of ['/orders', '/payments']) {
      const listed = async () =>
        (await operator.call(`${path}?limit=100`)).body.items.find(
          (item: { orderId: string }) => item.orderId === 'single',
        )
      const item = await eventually(listed, (found) => found !== undefined)
      expect(item).toMatchObject({ orderId: 'single', client: 'one' })
    }
  })

  it.each(CALLS)('has to choose where two did: %s %s', async (method, path, status) => {
    const id = `both-${method}-${path.length}`
    await Promise.all([publish(one, placed(id, 1)), publish(other, placed(id, 2))])
    await Promise.all([one.settled(id), other.settled(id)])
    const address = path.replace('ID', id)
    const ambiguous = await operator.call(address, { method })
    expect(ambiguous).toMatchObject({ status: 409, body: { code: 'order_id_ambiguous' } })
    const named = ambiguous.body.errors.map((error: { message: string }) => error.message)
    expect(named.toSorted()).toEqual(['one', 'other'])
    expect(ambiguous.body.detail).toContain('other')
    expect((await operator.call(`${address}?client=other`, { method })).status).toBe(status)
    const unique = await uniqueIdOf(one, id)
    expect((await operator.call(path.replace('ID', unique), { method })).status).toBe(status)
    const nobodys = await operator.call(`${address}?client=nobody`, { method })
    if (path.startsWith('/simulator'))
      expect(nobodys.body).toMatchObject({ operations: [], capturedAmount: 0 })
    else expect(nobodys.status).toBe(404)
    expect(await other.read(id)).toMatchObject({
      totalAmount: 100,
      status: path.endsWith('/cancel') ? 'cancelled' : 'confirmed',
    })
  })

  it.each([
    ['/orders/ID/cancel', {}],
    ['/payments/ID/refunds', { amount: 20 }],
  ])('uses an idempotency key for the order that it chose alone: %s', async (path, body) => {
    const id = `keyed-${path.length}`
    await Promise.all([publish(one, placed(id, 1)), publish(other, placed(id, 2))])
    await Promise.all([one.settled(id), other.settled(id)])
    const address = path.replace('ID', id)
    const key = { 'idempotency-key': id }
    const first = await operator.post(`${address}?client=one`, body, key)
    expect(first).toMatchObject({ status: 202 })
    expect(await operator.post(`${address}?client=other`, body, key)).toMatchObject({ status: 202 })
    await eventually(
      async () => [(await one.bank(id)).refunded, (await other.bank(id)).refunded],
      (refunded) => refunded.every((amount) => amount > 0),
    )
    const unique = path.replace('ID', await uniqueIdOf(one, id))
    for (const again of [`${address}?client=one`, unique]) {
      expect(await operator.post(again, body, key)).toMatchObject({ status: 202, body: first.body })
    }
  })

  it('is alone in asking for others', async () => {
    await publish(one, placed('asked'))
    expect((await one.call('/orders/asked?client=one')).status).toBe(200)
    const refused = { status: 403, code: 'forbidden' }
    expect(await other.problem(other.call('/orders/asked?client=one'))).toMatchObject(refused)
    expect(await other.problem(other.call('/orders/nothing?client=one'))).toMatchObject(refused)
    expect(await operator.problem(operator.call('/orders/asked?client='))).toMatchObject({
      status: 422,
      paths: ['/client'],
    })
  })
})

describe('an event on an inbox that no client sent', () => {
  it('uses up no client’s id', async () => {
    await system.send('inventory-inbox', placed('raw'))
    await system.send('payment-inbox', placed('raw'))
    const name = `orders-${labelOfOrder('raw', [2])}`
    const storage = await system.storage('order', 'OrderObject', { name })
    const isRejected = () => storage.exec("SELECT 1 FROM orders WHERE order_id = 'raw'")
    await eventually(isRejected, (rows) => rows.length === 1)
    await publish(one, placed('raw', 2))
    expect(await one.settled('raw')).toMatchObject({ status: 'confirmed', totalAmount: 100 })
    expect(await one.bank('raw')).toMatchObject({ ...CHARGED, captured: 100 })
    expect(await other.bank('raw')).toMatchObject({ done: [], held: 0, captured: 0 })
  })
})

describe('an order that an earlier version stored under its external id', () => {
  /** A row as that version wrote it: what it has since is left out. */
  const storeAsBefore = async (orderId: string) => {
    const name = `orders-${labelOfOrder(orderId, [2])}`
    const now = Date.now()
    const document = {
      ...{ orderId, client: 'one', currency: 'USD', totalMinor: 5_000, isCurrencyImplied: true },
      lines: [{ productId: 'P001', quantity: 1, unitPriceMinor: 5_000, amountMinor: 5_000 }],
      ...{ placedAt: now, deadlineAt: now + 900_000, version: 1, status: 'pending' },
      inventory: { status: 'pending' },
      payment: { status: 'pending', capturedMinor: 0, refundedMinor: 0 },
      history: [{ type: 'OrderPlaced', at: now, revision: 1, hops: 0 }],
    }
    const { ORDERS } = await system.env('order')
    await ORDERS.getByName(name).rouse()
    const storage = await system.storage('order', 'OrderObject', { name })
    await storage.exec(
      'INSERT INTO orders (order_id, due_at, sends, sent_at, listed_version, document) VALUES (?, ?, 1, ?, 0, ?)',
      ...[orderId, now, now - 60_000, JSON.stringify(document)],
    )
    await ORDERS.getByName(name).rouse()
  }

  it('is charged and finished under that id, and is the same order again', async () => {
    await storeAsBefore('old-1')
    await publish(one, placed('old-1'))
    await publish(other, placed('old-1', 4))
    expect(await one.settled('old-1')).toMatchObject({
      orderId: 'old-1',
      status: 'confirmed',
      totalAmount: 50,
    })
    expect(await uniqueIdOf(one, 'old-1')).toBe('old-1')
    const { body } = await one.call('/simulator/payments/old-1')
    expect(body).toMatchObject({
      operations: [{ idempotencyKey: 'old-1/authorize/1' }, { idempotencyKey: 'old-1/capture/1' }],
      capturedAmount: 50,
    })
    expect(await other.settled('old-1')).toMatchObject({ orderId: 'old-1', totalAmount: 200 })
    expect(await one.problem(one.post('/events', placed('old-1', 2)))).toMatchObject({
      code: 'order_id_taken',
    })
    expect(await operator.problem(operator.call('/orders/old-1'))).toMatchObject({
      code: 'order_id_ambiguous',
    })
    expect((await operator.call('/payments/old-1?client=one')).body).toMatchObject({ amount: 50 })
    expect((await operator.call('/payments/old-1?client=other')).body).toMatchObject({ amount: 200 })
    expect(await one.post('/orders/old-1/cancel')).toMatchObject({ status: 202 })
    await eventually(
      () => one.bank('old-1'),
      ({ refunded }) => refunded === 50,
    )
    expect(await other.bank('old-1')).toMatchObject({ ...CHARGED, captured: 200 })
  })
})
