import { afterAll, beforeAll, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'
import { NOT_OPERATIONS } from './world.ts'

const BOOTSTRAP_KEY = 'bootstrap-MARK-7f3a9c'
const TOKENS = ['pm_card_visa', 'tok_MARK_declined', 'tok_MARK_event', 'tok_MARK_poison', 'tok_MARK_broken']
const WEBHOOK_SECRET = `whsec_${Buffer.from('MARK-webhook-secret-of-32-bytes!').toString('base64')}`

let system: System

beforeAll(async () => {
  system = await startSystem({ order: { secrets: { BOOTSTRAP_KEY } } })
})

afterAll(() => system.close())

it('G9: no key, secret or payment token is in a response after the one that shows it, or in any log', async () => {
  const said: string[] = []
  const listening = (key: string) => {
    const shop = openShop(system, key)
    const ask = async (path: string, request: Parameters<typeof shop.call>[1] = {}) => {
      const answer = await shop.call(path, request)
      said.push(JSON.stringify([answer.body, ...answer.headers]))
      return answer
    }
    const post = (path: string, body?: unknown) => ask(path, { method: 'POST', body })
    return { ...shop, ask, post }
  }
  const operator = listening(BOOTSTRAP_KEY)
  await operator.stock('P001', 100)
  const made = await openShop(system, BOOTSTRAP_KEY).post('/keys', {
    client: 'marked',
    scopes: NOT_OPERATIONS,
  })
  const client = listening(made.body.key)
  const items = [{ productId: 'P001', quantity: 1 }]

  const orderIds: string[] = []
  for (const token of TOKENS.slice(0, 2)) {
    const { body } = await client.post('/orders', { items, payment: { token } })
    orderIds.push(body.orderId)
  }
  const data = { orderId: 'marked', items, totalAmount: 50, currency: 'USD', payment: { token: TOKENS[2] } }
  const attributes = { specversion: '1.0', type: 'OrderPlaced', id: 'marked', source: '/marked' }
  await client.post('/events', { ...attributes, schemaversion: 2, data })
  await client.post('/events', { ...attributes, schemaversion: 3, data })
  await client.post('/orders', { items: [], payment: { token: TOKENS[4], more: 1 } })
  await client.post('/orders', { items, payment: TOKENS[4] })
  await listening(`${made.body.key}x`).ask('/orders')
  await listening(made.body.key.slice(0, -1)).ask('/orders')
  await system.send('payment-inbox', [
    { ...attributes, id: 'poison', data: { payment: { token: TOKENS[3] } } },
  ])
  await openShop(system, made.body.key).post('/webhooks', {
    ...{ url: 'http://127.0.0.1:9/hook', types: ['OrderSettled'], secret: WEBHOOK_SECRET },
  })
  for (const orderId of [...orderIds, 'marked']) await client.settled(orderId)
  await expect.poll(async () => (await operator.ask('/dead-letters')).body.items.length).toBeGreaterThan(0)

  for (const orderId of [...orderIds, 'marked']) {
    for (const path of ['/orders/ID', '/orders/ID/events', '/payments/ID', '/simulator/payments/ID']) {
      const { status } = await client.ask(path.replace('ID', orderId))
      expect(status).toBe(200)
    }
  }
  for (const path of ['/orders', '/payments', '/keys', '/webhooks', '/dead-letters', '/readyz']) {
    await operator.ask(path)
    await client.ask(path)
  }
  const everything = [...said, ...system.logs()].join('\n')
  const secret = made.body.key.split('_')[2]
  const secrets = [BOOTSTRAP_KEY, made.body.key, secret, WEBHOOK_SECRET, ...TOKENS]
  expect(said.length).toBeGreaterThan(30)
  expect(secrets.filter((each) => everything.includes(each))).toEqual([])
})
