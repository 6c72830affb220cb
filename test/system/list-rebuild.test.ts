import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 100)
  await shop.stock('P002', 0, 20)
})

afterAll(() => system.close())

const place = () => shop.place([{ productId: 'P001', quantity: 2 }])

const items = async (path: string) => (await shop.call(path)).body.items

const rebuild = (list: string) =>
  shop.post(`/lists/${list}/rebuild`, undefined, { 'idempotency-key': `rebuild-${list}` })

/** Every read model, as after the loss of all databases of lists. */
const wipe = async () => {
  const [order, inventory, payment] = await Promise.all([
    system.env('order'),
    system.env('inventory'),
    system.env('payment'),
  ])
  await order.LISTS_DB.exec('DELETE FROM listed_orders')
  await order.ORDERS_DB.exec('DELETE FROM catalogue')
  await inventory.INVENTORY_DB.exec('DELETE FROM movements')
  await inventory.INVENTORY_DB.exec('DELETE FROM products')
  await payment.PAYMENTS_DB.exec('DELETE FROM listed_payments')
}

/** Units by kind of movement. */
const units = (movements: { kind: string; quantity: number }[]) => {
  const of = (kind: string) =>
    movements.filter((each) => each.kind === kind).reduce((sum, { quantity }) => sum + quantity, 0)
  return { onHand: of('receipt') - of('commit') + of('return'), reserved: of('reservation') - of('commit') }
}

describe('POST /lists/LIST/rebuild', () => {
  it('G8: read models that were lost are filled again from the partitions while orders are placed', async () => {
    const before = [await place(), await place(), await place()]
    await Promise.all(before.map((orderId) => shop.settled(orderId)))
    await eventually(
      () => items('/inventory/P001/movements'),
      (all) => all.length === 7,
    )
    await wipe()
    expect(await items('/products')).toEqual([])
    const during = Promise.all([place(), place()])
    const rebuilt = await Promise.all(['orders', 'payments', 'movements'].map(rebuild))
    expect(rebuilt.map(({ status, body }) => [status, body])).toEqual([
      [202, { list: 'orders', partitions: 2 }],
      [202, { list: 'payments', partitions: 2 }],
      [202, { list: 'movements', partitions: 2 }],
    ])
    const all = [...before, ...(await during), await eventually(place, (id) => id !== '')]
    const orders = await Promise.all(all.map((orderId) => shop.settled(orderId)))
    const payments = await Promise.all(
      all.map(async (orderId) => (await shop.call(`/payments/${orderId}`)).body),
    )
    const isComplete = (found: { orderId: string }[]) =>
      all.every((orderId) => found.some((item) => item.orderId === orderId))
    const byId = (left: { orderId: string }, right: { orderId: string }) =>
      left.orderId < right.orderId ? -1 : 1
    const listed = async (path: string) => (await items(path)).toSorted(byId)
    expect(await eventually(() => listed('/payments'), isSame(payments.toSorted(byId)))).toHaveLength(6)
    const found = await eventually(
      () => listed('/orders'),
      (each) => isComplete(each) && each.every(({ settledAt }: { settledAt?: string }) => settledAt),
    )
    expect(found.map(({ version }: { version: number }) => version)).toEqual(
      orders.toSorted(byId).map(({ version }) => version),
    )
    const movements = await eventually(
      () => items('/inventory/P001/movements'),
      (each) => each.length === 13,
    )
    expect(units(movements)).toEqual(await shop.level('P001'))
    const names = (await items('/products')).map(({ productId }: { productId: string }) => productId)
    expect(names).toEqual(['P001', 'P002'])
  })

  it('begins once for an idempotency key', async () => {
    const repeated = await Promise.all(['orders', 'payments', 'movements'].map(rebuild))
    expect(repeated.map(({ status, headers }) => [status, headers.get('idempotency-replayed')])).toEqual(
      Array(3).fill([202, 'true']),
    )
  })

  it('is for operators alone, and names no list that is none', async () => {
    const { body } = await shop.post('/keys', { client: 'web', scopes: ['payments:read', 'inventory:read'] })
    const client = openShop(system, body.key)
    expect((await client.post('/lists/payments/rebuild')).status).toBe(403)
    expect((await client.post('/lists/movements/rebuild')).status).toBe(403)
    expect((await shop.post('/lists/products/rebuild')).status).toBe(404)
  })
})

const isSame = (wanted: unknown) => (found: unknown) => JSON.stringify(found) === JSON.stringify(wanted)
