import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

let system: System
let operator: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  operator = openShop(system)
})

afterAll(() => system.close())

const paymentsOf = (body: { workers: { payment: unknown } }) => body.workers.payment

it('names what is wrong in our own words to everybody, and what a part said to operators alone', async () => {
  const reader = await openShopOf(system, 'reader', ['orders:read'])
  const { PAYMENTS_DB } = await system.env('payment')
  await PAYMENTS_DB.prepare('ALTER TABLE listed_payments RENAME TO away').run()
  const seen = await eventually(
    () => operator.call('/readyz'),
    ({ status }) => status === 503,
  )
  const open = (await (await system.fetch('/readyz')).json()) as { workers: { payment: unknown } }
  const others = [open, (await reader.call('/readyz')).body]
  await PAYMENTS_DB.prepare('ALTER TABLE away RENAME TO listed_payments').run()
  expect(seen.headers.get('retry-after')).toBe('1')
  expect(paymentsOf(seen.body)).toMatchObject({
    ready: false,
    problems: [expect.stringMatching(/^PAYMENTS_DB cannot be read\. .*npm run deploy/)],
    errors: [expect.stringContaining('no such table')],
  })
  for (const body of others) {
    expect(paymentsOf(body)).not.toHaveProperty('errors')
    expect(JSON.stringify(body)).not.toContain('no such table')
    expect(JSON.stringify(body)).toContain('PAYMENTS_DB cannot be read')
  }
})

it('shows what each Worker is bound to, and no value of a setting, to operators alone', async () => {
  const reader = await openShopOf(system, 'curious', ['orders:read'])
  const { body } = await eventually(
    () => operator.call('/readyz'),
    ({ body }) => !JSON.stringify(body).includes('cannot be read'),
  )
  expect(body.workers.payment.parts).toMatchObject({
    bindings: expect.arrayContaining([
      expect.objectContaining({ name: 'PAYMENTS_DB', kind: 'database' }),
      { name: 'PAYMENTS', kind: 'objects' },
      { name: 'ORDER_INBOX', kind: 'queue' },
    ]),
    settings: expect.arrayContaining(['PAYMENT_GATEWAY']),
    version: { id: expect.any(String) },
  })
  expect(body.workers.order.parts.bindings).toContainEqual({ name: 'OPERATIONS', kind: 'worker' })
  expect(body.workers.order.parts.settings).toContain('BOOTSTRAP_KEY')
  expect(JSON.stringify(body)).not.toContain('test-admin-key')
  const open = await (await system.fetch('/readyz')).json()
  for (const seen of [open, (await reader.call('/readyz')).body]) {
    expect(JSON.stringify(seen)).not.toContain('PAYMENTS_DB')
  }
})

it('looks again every second while something is wrong, so that the end of a start is seen', async () => {
  const { ORDERS_DB } = await system.env('order')
  await ORDERS_DB.prepare('ALTER TABLE catalogue RENAME TO away').run()
  await system.restart({ order: { vars: { DEMO_CATALOGUE: 'true' } } })
  const broken = await operator.call('/readyz')
  const back = await system.env('order')
  await back.ORDERS_DB.prepare('ALTER TABLE away RENAME TO catalogue').run()
  const startedAt = Date.now()
  const again = await eventually(
    () => operator.call('/readyz'),
    ({ body }) => !JSON.stringify(body).includes('cannot be read'),
  )
  expect(JSON.stringify(broken.body)).toContain('ORDERS_DB cannot be read')
  expect(again.body.workers.order.problems).toEqual([expect.stringContaining('cannot be ordered yet')])
  expect(Date.now() - startedAt).toBeLessThan(5_000)
})
