import { afterAll, beforeAll, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 1_000)
})

afterAll(() => system.close())

const place = (key: string, quantity = 1, extra: object = {}) =>
  shop.post('/orders', { items: [{ productId: 'P001', quantity }], ...extra }, { 'idempotency-key': key })

it('G7: twenty equal requests at once place one order', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => place('twenty')))
  expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1)
  expect(answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true')).toHaveLength(19)
})

it('G7: a repeat gets the first response, although the order has moved on and the price has changed', async () => {
  await shop.stock('P009', 10, 5)
  const ask = () =>
    shop.post(
      '/orders',
      { items: [{ productId: 'P009', quantity: 1 }], totalAmount: 5 },
      { 'idempotency-key': 'moved' },
    )
  const first = await ask()
  await shop.settled(first.body.orderId)
  await shop.call('/products/P009', { method: 'PUT', body: { name: 'P009', unitPrice: 6, currency: 'USD' } })
  const priceMismatch = () =>
    shop.problem(shop.post('/orders', { items: [{ productId: 'P009', quantity: 1 }], totalAmount: 5 }))
  await expect.poll(priceMismatch, { timeout: 10_000 }).toMatchObject({ code: 'price_mismatch' })
  const second = await ask()
  expect({ status: second.status, body: second.body }).toEqual({ status: 202, body: first.body })
})

it('G7: the same JSON in another order is the same body, and any other body is refused', async () => {
  const first = await place('order', 1, { reference: 'r', customerId: 'c' })
  const second = await shop.post(
    '/orders',
    { customerId: 'c', reference: 'r', items: [{ quantity: 1, productId: 'P001' }] },
    { 'idempotency-key': 'order' },
  )
  expect(second.body).toEqual(first.body)
  expect(await shop.problem(place('order', 2))).toMatchObject({ status: 422, code: 'idempotency_key_reused' })
})

it('leaves the key free when the request is refused', async () => {
  expect(await shop.problem(place('free', 1, { totalAmount: 1 }))).toMatchObject({ code: 'price_mismatch' })
  expect((await place('free', 1, { totalAmount: 50 })).status).toBe(202)
})

it('remembers across a restart', async () => {
  const first = await place('restart')
  await system.restart()
  const second = await place('restart')
  expect(second.body).toEqual(first.body)
})

it('G7: a deployment that gets more partitions breaks no key and loses no order', async () => {
  const keys = Array.from({ length: 12 }, (_, index) => `grown-${index}`)
  const first = await Promise.all(keys.map((key) => place(key)))
  await system.restart({
    order: { vars: { ORDER_PARTITIONS: '2:1,5' } },
    payment: { vars: { ORDER_PARTITIONS: '2:1,5' } },
  })
  const second = await Promise.all(keys.map((key) => place(key)))
  expect(second.map((answer) => answer.body)).toEqual(first.map((answer) => answer.body))
  const orders = await Promise.all(first.map((answer) => shop.settled(answer.body.orderId)))
  expect(orders.map((order) => order.status)).toEqual(keys.map(() => 'confirmed'))
  const fresh = await Promise.all(keys.map((key) => place(`${key}-fresh`)))
  const again = await Promise.all(keys.map((key) => place(`${key}-fresh`)))
  expect(again.map((answer) => answer.body)).toEqual(fresh.map((answer) => answer.body))
  expect(new Set(fresh.map((answer) => answer.body.orderId)).size).toBe(keys.length)
})
