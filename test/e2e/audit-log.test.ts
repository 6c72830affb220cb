import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { createApiKey } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

let system: System
let operator: ReturnType<typeof openShop>
let shop: ReturnType<typeof openShop>
let keyId: string

beforeAll(async () => {
  system = await startSystem()
  operator = openShop(system)
  await operator.stock('P001', 10)
  const made = await createApiKey(system, 'web-shop', ['orders:read', 'orders:write', 'payments:write'])
  shop = openShop(system, made.key)
  keyId = made.id
})

afterAll(() => system?.close())

const log = async (query = ''): Promise<Record<string, unknown>[]> => {
  const { status, body } = await operator.call(`/audit-log?limit=100${query}`)
  expect(status).toBe(200)
  return body.items
}

const settledOrder = async () => {
  const orderId = await shop.place([{ productId: 'P001', quantity: 2 }])
  await shop.settled(orderId)
  return orderId
}

describe('GET /audit-log', () => {
  it('has who cancelled which order, when and why, and its state before and after', async () => {
    const orderId = await settledOrder()
    await shop.post(`/orders/${orderId}/cancel`, { reason: 'the wrong size, paid with pm_card_visa' })
    expect(await log(`&subject=${orderId}`)).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-z]{26}$/),
        at: expect.stringMatching(/Z$/),
        ...{ kind: 'order', action: 'cancelled', subject: orderId, outcome: 'done' },
        actor: { client: 'web-shop', keyId },
        reason: 'the wrong size, paid with [removed]',
        before: { status: 'confirmed', totalAmount: 100, currency: 'USD' },
        after: { status: 'cancelled', totalAmount: 100, currency: 'USD' },
      },
    ])
  })

  it('has one entry for a call that is repeated, and none for one that is refused or changes nothing', async () => {
    const orderId = await settledOrder()
    const refund = () =>
      shop.post(`/payments/${orderId}/refunds`, { amount: 1 }, { 'idempotency-key': 'refund-1' })
    expect([(await refund()).status, (await refund()).status]).toEqual([202, 202])
    await shop.post(`/payments/${orderId}/refunds`, { amount: 1_000 })
    await shop.post(`/payments/${orderId}/refunds`, { amount: -1 })
    await shop.post(`/orders/${orderId}/cancel`)
    await shop.post(`/orders/${orderId}/cancel`)
    await shop.post('/orders/ord_0_none/cancel')
    const entries = await log(`&subject=${orderId}`)
    expect(entries.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
      'order cancelled',
      'payment refund_requested',
    ])
    expect(entries[1]).toMatchObject({
      before: { status: 'captured', capturedAmount: 100, refundedAmount: 0 },
      after: { amount: 1, currency: 'USD', status: 'pending' },
    })
    expect(await log('&subject=ord_0_none')).toEqual([])
  })

  it('has the keys, the stock, the products and the webhooks, without secrets', async () => {
    const made = await operator.post('/keys', { client: 'till', scopes: ['orders:read'] })
    await operator.call(`/keys/${made.body.id}?cascade=true`, { method: 'DELETE' })
    const url = 'http://127.0.0.1:9/hook?token=hidden'
    const { body: webhook } = await operator.post('/webhooks', { url, types: ['OrderSettled'] })
    await operator.call(`/webhooks/${webhook.id}`, { method: 'PATCH', body: { status: 'disabled' } })
    await operator.call(`/webhooks/${webhook.id}`, { method: 'DELETE' })
    await operator.stock('P002', 5, 12)
    await operator.call('/products/P002', {
      method: 'PUT',
      body: { name: 'P002', unitPrice: 12, currency: 'USD' },
    })
    const [revoked, created] = await log(`&subject=${made.body.id}`)
    expect(created).toMatchObject({ action: 'created', after: { client: 'till', scopes: ['orders:read'] } })
    expect(revoked).toMatchObject({ action: 'revoked', after: { revokedKeys: [made.body.id] } })
    const changes = await log(`&subject=${webhook.id}`)
    expect(changes.map(({ action }) => action)).toEqual(['removed', 'changed', 'registered'])
    expect(changes[1]).toMatchObject({
      before: { host: '127.0.0.1:9', status: 'enabled' },
      after: { host: '127.0.0.1:9', status: 'disabled' },
    })
    const ofProduct = await log('&subject=P002')
    expect(ofProduct.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['stock', 'receipt'],
      ['product', undefined],
    ])
    expect(ofProduct[0]).toMatchObject({ before: { onHand: 0 }, after: { delta: 5, onHand: 5 } })
    const text = JSON.stringify(await log())
    for (const secret of [made.body.key, webhook.secret, 'hidden']) expect(text).not.toContain(secret)
  })

  it('is filtered by client and kind, and paged', async () => {
    const first = (await operator.call('/audit-log?client=web-shop&kind=order&limit=1')).body
    expect(first.items).toMatchObject([{ kind: 'order', actor: { client: 'web-shop' } }])
    const query = `client=web-shop&kind=order&limit=1&cursor=${first.nextCursor}`
    const second = (await operator.call(`/audit-log?${query}`)).body
    expect(second.items).toHaveLength(1)
    expect(second.items[0].id < first.items[0].id).toBe(true)
    expect(await operator.call(`/audit-log?cursor=${first.nextCursor}`)).toMatchObject({ status: 422 })
  })

  it('loses no entry while the operations database is away, and refuses what it could not log', async () => {
    const { OPERATIONS_DB } = await system.env('operations')
    const { ORDERS_DB } = await system.env('order')
    const waiting = async () =>
      (await ORDERS_DB.prepare('SELECT entry FROM audit_outbox').all<{ entry: string }>()).results.map(
        ({ entry }) => JSON.parse(entry),
      )
    await OPERATIONS_DB.exec('ALTER TABLE audit RENAME TO away')
    const { status } = await operator.post('/inventory/P001/adjustments', { delta: 1, reason: 'a count' })
    expect(status).toBe(200)
    expect(await waiting()).toMatchObject([{ action: 'adjusted', outcome: 'done', reason: 'a count' }])
    await OPERATIONS_DB.exec('ALTER TABLE away RENAME TO audit')

    await ORDERS_DB.exec('ALTER TABLE audit_outbox RENAME TO gone')
    const { onHand } = await operator.level('P001')
    const refused = operator.post('/inventory/P001/adjustments', { delta: 1, reason: 'a count' })
    expect(await operator.problem(refused)).toMatchObject({ status: 503, code: 'unavailable' })
    expect(await operator.level('P001')).toMatchObject({ onHand })
    await ORDERS_DB.exec('ALTER TABLE gone RENAME TO audit_outbox')
  })
})
