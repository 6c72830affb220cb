import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openConsole, signIn } from '../support/console-session.ts'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 100)
  await shop.stock('P002', 100)
})

afterAll(() => system.close())

const order = (productId: string) => ({ items: [{ productId, quantity: 1 }] })

const place = (productId: string, key?: string) =>
  shop.post('/orders', order(productId), key === undefined ? undefined : { 'idempotency-key': key })

const codeOf = async (productId: string): Promise<string> => (await place(productId)).body.code ?? 'placed'

const lift = (productId?: string) => shop.post('/pauses/lift', productId === undefined ? {} : { productId })

const becomes = (productId: string, code: string) =>
  eventually(
    () => codeOf(productId),
    (read) => read === code,
  )

beforeEach(async () => {
  await lift()
  await lift('P001')
  await becomes('P001', 'placed')
})

describe('a pause of all new orders', () => {
  it('refuses new orders, says who ends it, and lets accepted orders settle', async () => {
    const accepted = await place('P001', 'before')
    const paused = await shop.post('/pauses', { reason: 'A wrong price.' })
    expect([paused.status, paused.body]).toEqual([
      200,
      { reason: 'A wrong price.', client: 'bootstrap', at: expect.any(String) },
    ])
    await becomes('P001', 'orders_paused')
    const refused = await place('P002')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '120'])
    expect(refused.body.detail).toContain('New orders are paused until an operator of this system resumes')
    expect(refused.body.detail).not.toContain('A wrong price.')
    expect((await shop.settled(accepted.body.orderId)).status).toBe('confirmed')
    const repeated = await place('P001', 'before')
    expect([repeated.status, repeated.body.orderId]).toEqual([202, accepted.body.orderId])
    const cancelled = await shop.post(`/orders/${accepted.body.orderId}/cancel`)
    expect(cancelled.status).toBe(202)
  })

  it('stands in /readyz and on the overview of the console, until it ends', async () => {
    await shop.post('/pauses', { reason: 'A wrong price.' })
    await becomes('P001', 'orders_paused')
    const readiness = () => shop.call('/readyz')
    const ready = await eventually(readiness, ({ body }) => body.workers.order.warnings !== undefined)
    expect(ready.status).toBe(200)
    expect(ready.body.workers.order.warnings.join()).toMatch(
      /New orders are paused since \S+Z\. `npm run ops -- orders resume` takes them again/,
    )
    expect(JSON.stringify(ready.body)).not.toContain('A wrong price.')
    const { cookie } = await signIn(system, 'test-admin-key')
    expect((await openConsole(system, cookie).call('/console')).text).toMatch(/New orders are paused since/)
    expect((await lift()).body).toEqual({ wasPaused: true })
    await becomes('P001', 'placed')
    expect((await lift()).body).toEqual({ wasPaused: false })
  })

  it('is in the audit log with its reason, and its end too', async () => {
    await shop.post('/pauses', { reason: 'Stocktaking.', productId: 'P001' })
    await lift('P001')
    const logged = async () => (await shop.call('/audit-log?kind=pause&subject=P001&limit=2')).body.items
    const entries = await eventually(logged, ([newest]) => newest?.action === 'lifted')
    expect(entries.map(({ action, subject }: Record<string, string>) => [action, subject])).toEqual([
      ['lifted', 'P001'],
      ['paused', 'P001'],
    ])
    expect(entries[1]).toMatchObject({ reason: 'Stocktaking.', actor: { client: 'bootstrap' } })
  })
})

describe('a pause of one product', () => {
  it('refuses new orders with it, from events too, and no others', async () => {
    await shop.post('/pauses', { productId: 'P001', reason: 'Recalled.' })
    await becomes('P001', 'orders_paused')
    expect(await codeOf('P002')).toBe('placed')
    const event = (orderId: string, productId: string) => ({
      ...{ eventType: 'OrderPlaced', orderId, totalAmount: 50, timestamp: '2026-11-23T12:00:00Z' },
      items: [{ productId, quantity: 1 }],
    })
    const refused = await shop.post('/events', [event('ok', 'P002'), event('no', 'P001')])
    expect(refused.body).toMatchObject({
      code: 'orders_paused',
      errors: [{ path: '/1/items/0/productId' }],
    })
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '120'])
    expect((await shop.call('/orders/ok')).status).toBe(404)
    const { body } = await shop.call('/pauses')
    expect(body.items).toEqual([
      { productId: 'P001', reason: 'Recalled.', client: 'bootstrap', at: expect.any(String) },
    ])
  })

  it('needs a product that there is, and a reason', async () => {
    const unknown = shop.post('/pauses', { productId: 'P404', reason: 'Recalled.' })
    expect(await shop.problem(unknown)).toMatchObject({ status: 404, code: 'product_not_found' })
    expect(await shop.problem(shop.post('/pauses', {}))).toMatchObject({ status: 422, paths: ['/reason'] })
  })

  it('has a bound, which leaves room for a pause of all', async () => {
    const { ORDERS_DB } = await system.env('order')
    const fill = ORDERS_DB.prepare(
      `INSERT INTO pauses (product_id, reason, client, at)
        SELECT 'X' || value, '', '', 0 FROM json_each(?)`,
    )
    await fill.bind(JSON.stringify(Array.from({ length: 99 }, (_, index) => index))).run()
    const refused = shop.post('/pauses', { productId: 'P001', reason: 'Recalled.' })
    expect(await shop.problem(refused)).toMatchObject({ status: 409, code: 'pause_limit_reached' })
    expect((await shop.post('/pauses', { reason: 'All.' })).status).toBe(200)
    await becomes('P002', 'orders_paused')
    await ORDERS_DB.exec("DELETE FROM pauses WHERE product_id LIKE 'X%'")
  })
})
