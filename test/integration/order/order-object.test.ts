import {
  abortAllDurableObjects,
  createExecutionContext,
  createMessageBatch,
  createScheduledController,
  evictDurableObject,
  getQueueResult,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createEvent } from '../../../src/contracts/events.ts'
import type { LegReport } from '../../../src/order/saga.ts'
import worker from '../../../workers/order/index.ts'

const bindings = env as OrderEnv
const caller = { client: 'shop', scopes: [] }
const label = '0'
const partition = () => bindings.ORDERS.getByName(`orders-${label}`)

const CATALOGUE_LINE = { productId: 'P001', quantity: 2, unitPriceMinor: 5_000, amountMinor: 10_000 }

let number = 0
const newOrderId = () => {
  number += 1
  return `ord_${label}_${String(number).padStart(26, '0')}`
}

const place = async (orderId: string, key?: string) => {
  const placed = await partition().place({
    request: key === undefined ? undefined : { requestKey: key, fingerprint: 'same' },
    placement: {
      ok: true,
      value: { orderId, client: 'shop', currency: 'USD', totalMinor: 10_000, lines: [CATALOGUE_LINE] },
    },
  })
  if (!placed.ok) throw new Error(placed.reason.code)
  return placed.value
}

const cause = { id: 'x', hops: 0 }
const stock = (orderId: string, type: 'StockReserved' | 'StockCommitted' | 'StockReleased'): LegReport =>
  createEvent({
    type,
    subject: orderId,
    at: 1,
    revision: 1,
    data: { orderId, lines: [] },
    cause,
  }) as LegReport

const payment = (
  orderId: string,
  type: 'PaymentAuthorized' | 'PaymentCaptured' | 'PaymentVoided',
): LegReport => {
  const capturedAmount = type === 'PaymentCaptured' ? 100 : 0
  const data = { orderId, amount: 100, capturedAmount, refundedAmount: 0, currency: 'USD' }
  return createEvent({ type, subject: orderId, at: 1, revision: 1, data, cause }) as LegReport
}

const deliver = async (bodies: unknown[]) => {
  const messages = bodies.map((body, index) => ({
    id: `m${index}`,
    timestamp: new Date(1),
    attempts: 1,
    body: body as object,
  }))
  const batch = createMessageBatch('edge-orders-order-inbox', messages)
  await worker.queue(batch, bindings)
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext())
  return { acked: explicitAcks.toSorted(), retried: retryMessages.map((message) => message.msgId) }
}

const isDue = async (orderId: string): Promise<boolean> => {
  const due = (_: unknown, state: DurableObjectState) =>
    state.storage.sql
      .exec<{ due_at: number | null }>('SELECT due_at FROM orders WHERE order_id = ?', orderId)
      .one().due_at
  return (await runInDurableObject(partition(), due)) !== null
}

const ring = () => runDurableObjectAlarm(partition())

/** Rings until nothing is owed: what was just published is looked at again only later. */
const listed = async (orderId: string) => {
  await runInDurableObject(partition(), (_, state) =>
    state.storage.sql.exec('UPDATE orders SET due_at = 1 WHERE due_at > 1'),
  )
  await ring()
  return await bindings.LISTS_DB.prepare('SELECT status, version FROM listed_orders WHERE order_id = ?')
    .bind(orderId)
    .first()
}

/** No webhook wants anything. */
beforeAll(() => partition().want({ revision: 0, types: [] }))

describe('an order partition', () => {
  it('G1: an accepted order survives the eviction and the abort of its partition', async () => {
    const orderId = newOrderId()
    const { order } = await place(orderId)
    await evictDurableObject(partition())
    expect(await partition().get(orderId, caller)).toEqual(order)
    await abortAllDurableObjects()
    expect(await partition().get(orderId, caller)).toEqual(order)
  })

  it('has an alarm from the moment an order is stored, and none that is later after an eviction', async () => {
    await place(newOrderId())
    const before = await runInDurableObject(partition(), (_, state) => state.storage.getAlarm())
    expect(before).not.toBeNull()
    await evictDurableObject(partition())
    await place(newOrderId())
    const after = await runInDurableObject(partition(), (_, state) => state.storage.getAlarm())
    expect(after).toBeLessThanOrEqual(before ?? 0)
  })

  it('G1: an alarm that the platform gave up is set again by the next trigger', async () => {
    await place(newOrderId())
    const alarm = () => runInDurableObject(partition(), (_, state) => state.storage.getAlarm())
    await runInDurableObject(partition(), (_, state) => state.storage.deleteAlarm())
    expect(await alarm()).toBeNull()
    await worker.scheduled(createScheduledController(), bindings)
    expect(await alarm()).not.toBeNull()
  })

  it('answers a repeated request with the first answer, also after an abort', async () => {
    const first = await place(newOrderId(), 'key-1')
    await abortAllDurableObjects()
    const second = await place(newOrderId(), 'key-1')
    expect(second).toEqual({ order: first.order, isReplay: true })
  })

  it('is due until the effect of its decision has come back and the read model has it', async () => {
    const orderId = newOrderId()
    await place(orderId)
    await partition().answer([payment(orderId, 'PaymentAuthorized'), stock(orderId, 'StockReserved')])
    expect(await listed(orderId)).toEqual({ status: 'confirmed', version: 4 })
    expect(await isDue(orderId)).toBe(true)
    await partition().answer([stock(orderId, 'StockCommitted'), payment(orderId, 'PaymentCaptured')])
    expect(await listed(orderId)).toEqual({ status: 'confirmed', version: 7 })
    expect(await isDue(orderId)).toBe(false)
  })

  it('shows no other client an order', async () => {
    const orderId = newOrderId()
    await place(orderId)
    const stranger = { client: 'other', scopes: [] }
    expect(await partition().get(orderId, stranger)).toBeUndefined()
    expect(await partition().get(orderId, { client: 'other', scopes: ['operations'] })).toBeDefined()
  })
})

describe('a read model that fails', () => {
  beforeEach(() => bindings.LISTS_DB.exec('ALTER TABLE listed_orders RENAME TO orders_away'))
  afterEach(() => bindings.LISTS_DB.exec('ALTER TABLE orders_away RENAME TO listed_orders'))

  it('G8: a read model that fails stops no order, and gets what it missed once it is back', async () => {
    const orderId = newOrderId()
    await place(orderId)
    await partition().answer([payment(orderId, 'PaymentAuthorized'), stock(orderId, 'StockReserved')])
    await partition().answer([stock(orderId, 'StockCommitted'), payment(orderId, 'PaymentCaptured')])
    await runInDurableObject(partition(), (_, state) =>
      state.storage.sql.exec('UPDATE orders SET due_at = 1'),
    )
    await ring()
    expect(await isDue(orderId)).toBe(true)
    await bindings.LISTS_DB.exec('ALTER TABLE orders_away RENAME TO listed_orders')
    expect(await listed(orderId)).toEqual({ status: 'confirmed', version: 7 })
    await bindings.LISTS_DB.exec('ALTER TABLE listed_orders RENAME TO orders_away')
    expect(await isDue(orderId)).toBe(false)
  })
})

describe('the order inbox', () => {
  it('acknowledges nine events of ten and parks the one it cannot read, each once', async () => {
    const ids = Array.from({ length: 9 }, newOrderId)
    await Promise.all(ids.map((orderId) => place(orderId)))
    const answers = ids.map((orderId) => [stock(orderId, 'StockReserved')])
    const { acked, retried } = await deliver([
      ...answers.slice(0, 4),
      [{ nonsense: true }],
      ...answers.slice(4),
    ])
    expect(acked).toEqual(Array.from({ length: 10 }, (_, index) => `m${index}`))
    expect(retried).toEqual([])
    const orders = await Promise.all(ids.map((orderId) => partition().get(orderId, caller)))
    expect(orders.map((order) => order?.inventory.status)).toEqual(ids.map(() => 'reserved'))
  })

  it('comes to the same end whatever the order and number of its messages', async () => {
    const orderId = newOrderId()
    await place(orderId)
    const answers = [
      payment(orderId, 'PaymentCaptured'),
      stock(orderId, 'StockReserved'),
      stock(orderId, 'StockCommitted'),
      payment(orderId, 'PaymentAuthorized'),
      stock(orderId, 'StockReserved'),
    ]
    await deliver(answers.map((answer) => [answer]))
    await deliver([answers.toReversed()])
    expect(await partition().get(orderId, caller)).toMatchObject({
      ...{ status: 'confirmed', inventory: { status: 'committed' }, payment: { status: 'captured' } },
      settledAt: expect.any(String),
    })
  })

  it('retries a product change that its copy could not take, and acknowledges it when it can', async () => {
    const data = { productId: 'P007', name: 'Seven', unitPrice: 7, currency: 'USD' }
    const change = createEvent({
      type: 'ProductChanged',
      subject: 'P007',
      occurrence: '1',
      at: 1,
      revision: 1,
      data,
    })
    await bindings.ORDERS_DB.exec('ALTER TABLE catalogue RENAME TO catalogue_away')
    expect(await deliver([[change]])).toEqual({ acked: [], retried: ['m0'] })
    await bindings.ORDERS_DB.exec('ALTER TABLE catalogue_away RENAME TO catalogue')
    expect(await deliver([[change]])).toEqual({ acked: ['m0'], retried: [] })
  })
})
