import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LAW_NAMES } from '../../src/contracts/laws.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

type Law = { name: string; drift: number; broken: { id: string; expected: number; actual: number }[] }
type Audit = { laws: Law[]; checked: Record<string, number>; nextCursor?: string }

let system: System
let shop: ReturnType<typeof openShop>
let confirmed: string
let cancelled: string

const PROGRAM = resolve(import.meta.dirname, '../../scripts/ops.ts')

const one = [{ productId: 'P001', quantity: 1 }]

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await Promise.all([shop.stock('P001', 100), shop.stock('P002', 1)])
  const placed = await Promise.all([
    shop.place(one),
    shop.place(one),
    shop.place([...one, { productId: 'P002', quantity: 1 }]),
    shop.place([{ productId: 'P002', quantity: 5 }]),
    shop.place(one, 'pm_card_chargeDeclined'),
    shop.place(one, 'pm_sim_captureDeclined'),
  ])
  await Promise.all(placed.map(shop.settled))
  const event = { eventType: 'OrderPlaced', orderId: '12345', items: one, totalAmount: 50 }
  await shop.post('/events', { ...event, timestamp: '2023-10-05T12:00:00Z' })
  await shop.settled('12345')
  confirmed = placed[0]
  cancelled = placed[1]
  await shop.post(`/payments/${confirmed}/refunds`, { amount: 1 })
  await shop.post(`/orders/${cancelled}/cancel`)
  await shop.settled(cancelled)
})

afterAll(() => system?.close())

const audit = async (query = ''): Promise<Audit> => {
  const { status, body } = await shop.call(`/audit${query}`)
  expect(status).toBe(200)
  return body
}

const storageOf = async (worker: Parameters<System['storage']>[0], className: string, name: string) => {
  const storage = await system.storage(worker, className, { name })
  return { exec: (statement: string) => storage.exec(statement) }
}

/** The program as an operator starts it. */
const runOps = async (args: string[]) => {
  const env = { ...process.env, EDGE_ORDERS_URL: await system.address(), EDGE_ORDERS_KEY: 'test-admin-key' }
  return await new Promise<{ code: number; said: string }>((end) => {
    execFile(process.execPath, [PROGRAM, ...args], { env }, (error, said) =>
      end({ code: Number(error?.code ?? 0), said }),
    )
  })
}

const brokenLaws = ({ laws }: Audit) =>
  laws.flatMap(({ name, drift, broken }) => (drift === 0 && broken.length === 0 ? [] : [[name, drift]]))

describe('GET /audit', () => {
  it('finds that all laws add up, for orders that went every way, on one page', async () => {
    const page = await audit()
    expect(page.laws.map(({ name }) => name)).toEqual(LAW_NAMES)
    expect(brokenLaws(page)).toEqual([])
    expect(page.checked).toMatchObject({ products: 2, orders: 7, underWay: 0, unread: 0 })
    expect(page.nextCursor).toBeUndefined()
  })

  it('comes in pages, each with its own orders', async () => {
    const orders: number[] = []
    let query: string | undefined = '?limit=3'
    while (query !== undefined) {
      const page: Audit = await audit(query)
      expect(brokenLaws(page)).toEqual([])
      orders.push(page.checked['orders'] ?? 0)
      query = page.nextCursor && `?limit=3&cursor=${page.nextCursor}`
    }
    expect(orders.length).toBeGreaterThan(2)
    expect(orders.reduce((sum, count) => sum + count)).toBe(7)
  })

  it('reports nothing as broken while orders come, are cancelled and refunded', async () => {
    let isOver = false
    const load = Promise.all(
      Array.from({ length: 4 }, async (_, nth) => {
        for (let round = 0; round < 2; round += 1) {
          const orderId = await shop.place(one)
          if (nth % 2 === 0) await shop.post(`/orders/${orderId}/cancel`)
          await shop.settled(orderId)
          if (nth % 2 === 1) await shop.post(`/payments/${orderId}/refunds`, { amount: 2 })
          await shop.post('/inventory/P001/adjustments', { delta: nth + 1, reason: 'receipt' })
        }
      }),
    ).finally(() => {
      isOver = true
    })
    const found: unknown[] = []
    while (!isOver) found.push(...brokenLaws(await audit()))
    await load
    expect(found).toEqual([])
    expect(brokenLaws(await audit())).toEqual([])
  })

  it('is a command that says which laws hold, and ends with 1 where one does not', async () => {
    const sound = await runOps(['audit'])
    expect({ ...sound, said: sound.said.match(/^holds/gm)?.length }).toEqual({
      code: 0,
      said: LAW_NAMES.length,
    })
    const { exec } = await storageOf('inventory', 'StockObject', 'stock-0')
    await exec("UPDATE products SET reserved = reserved + 4 WHERE product_id = 'P001'")
    const broken = await runOps(['audit', '--json'])
    const { laws } = JSON.parse(broken.said) as Audit
    expect(broken.code).toBe(1)
    expect(laws.find(({ name }) => name === 'stock_reserved')).toMatchObject({
      drift: 4,
      broken: [{ id: 'P001', what: 'reserved', expected: 0, actual: 4 }],
    })
    await exec("UPDATE products SET reserved = reserved - 4 WHERE product_id = 'P001'")
  })

  it.each<[string, () => [Parameters<System['storage']>[0], string, string, string], unknown[]]>([
    [
      'a level that nothing accounts for',
      () => [
        'inventory',
        'StockObject',
        'stock-0',
        "UPDATE products SET on_hand = on_hand + 3 WHERE product_id = 'P001'",
      ],
      [['stock_on_hand', 3]],
    ],
    [
      'units that are reserved for no order',
      () => [
        'inventory',
        'StockObject',
        'stock-0',
        "UPDATE products SET on_hand = on_hand - 3, reserved = reserved + 2 WHERE product_id = 'P001'",
      ],
      [['stock_reserved', 2]],
    ],
    [
      'a payment that says less than the bank',
      () => [
        'payment',
        'PaymentObject',
        'payments-0',
        `UPDATE payments SET document = json_set(document, '$.capturedMinor', 4900) WHERE order_id = '${confirmed}'`,
      ],
      [
        ['stock_reserved', 2],
        ['confirmed_money_captured', 1],
        ['payments_equal_bank', 1],
      ],
    ],
    [
      'a cancelled order whose stock is still committed',
      () => [
        'inventory',
        'StockObject',
        'stock-0',
        `UPDATE holds SET document = json_set(document, '$.state', 'committed') WHERE order_id = '${cancelled}'`,
      ],
      [
        ['stock_on_hand', 1],
        ['stock_reserved', 2],
        ['confirmed_money_captured', 1],
        ['undone_stock_released', 1],
        ['payments_equal_bank', 1],
      ],
    ],
  ])('names %s', async (_, damage, laws) => {
    const [worker, className, name, statement] = damage()
    const { exec } = await storageOf(worker, className, name)
    await exec(statement)
    expect(brokenLaws(await audit())).toEqual(laws)
  })
})
