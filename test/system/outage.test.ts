import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { type System, startSystem } from '../support/harness.ts'
import { openShop } from '../support/shop.ts'

const OUTAGE_MS = 20_000
const LABELS = ['0']

let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem()
  shop = openShop(system)
  await shop.stock('P001', 1_000)
})

afterAll(() => system.close())

const BEGIN_OUTAGE =
  "CREATE TRIGGER outage BEFORE INSERT ON payments BEGIN SELECT RAISE(ABORT, 'payments are down'); END"
const END_OUTAGE = 'DROP TRIGGER outage'

/** In an outage the payment partitions store no new payment. They still start, as often as the platform stops them. */
const inPaymentPartitions = async (statement: string) => {
  for (const label of LABELS) {
    const sql = await system.storage('payment', 'PaymentObject', { name: `payments-${label}` })
    await sql.exec(statement)
  }
}

it('G6: an outage of the payment service stops neither new orders nor the inventory, and doubles nothing', async () => {
  await Promise.all(LABELS.map((label) => shop.call(`/payments/ord_${label}_01m84a7dbehcanajp2v4b99r1k`)))
  await inPaymentPartitions(BEGIN_OUTAGE)
  const endsAt = performance.now() + OUTAGE_MS
  const ids: string[] = []
  while (performance.now() < endsAt) {
    const orderId = await shop.place([{ productId: 'P001', quantity: 1 }])
    ids.push(orderId)
    const order = await eventually(
      () => shop.read(orderId),
      ({ inventory }) => inventory.status === 'reserved',
    )
    expect(order).toMatchObject({ status: 'pending', payment: { status: 'pending' } })
    await new Promise((resolve) => setTimeout(resolve, 1_000))
  }
  await inPaymentPartitions(END_OUTAGE)
  const orders = await Promise.all(
    ids.map((orderId) =>
      eventually(
        () => shop.read(orderId),
        (order) => order.settledAt !== undefined,
        { withinMs: 180_000, everyMs: 500 },
      ),
    ),
  )
  expect(orders.map((order) => order.status)).toEqual(ids.map(() => 'confirmed'))
  const books = await Promise.all(ids.map(shop.bank))
  expect(books).toEqual(
    ids.map(() => ({ done: ['authorize', 'capture'], held: 0, captured: 50, refunded: 0 })),
  )
  expect(await shop.level('P001')).toEqual({ onHand: 1_000 - ids.length, reserved: 0 })
  expect((await shop.call('/dead-letters')).body.items).toEqual([])
})
