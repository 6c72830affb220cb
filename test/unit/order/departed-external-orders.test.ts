import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ExternalOrder } from '../../../src/contracts/external-order.ts'
import { DAY_MS } from '../../../src/kernel/instant.ts'
import type { ExternalPlaceRequest } from '../../../src/order/partition/external-placement.ts'
import {
  CLIENT,
  paymentAuthorized,
  paymentCaptured,
  STRANGER,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

/** Its digits say no time of today, as those of most external orders. */
const UNIQUE_ID = 'ord_0_z9xwvtsrqpnmkjhgfedcba9876'

const ASKED: ExternalOrder = {
  ...{ orderId: 'web-1', items: [{ productId: 'P001', quantity: 2 }], totalAmount: 100, currency: 'USD' },
  ...{ paymentToken: 'pm_card_visa', customerId: 'cust_1' },
}

const asking = (changes: Partial<ExternalOrder> = {}, client = CLIENT.client): ExternalPlaceRequest => {
  const asked = { ...ASKED, ...changes }
  const lines = asked.items.map((item) => ({ ...item, unitPriceMinor: 5_000, amountMinor: 10_000 }))
  const value = {
    ...{ orderId: UNIQUE_ID, externalId: asked.orderId, client, currency: asked.currency, lines },
    ...{
      totalMinor: asked.totalAmount * 100,
      ...(asked.isCurrencyImplied && { isCurrencyImplied: true as const }),
    },
    ...(asked.paymentToken && { paymentToken: asked.paymentToken }),
    ...(asked.paymentToken && { paymentTokenHash: hashOf(asked.paymentToken) }),
  }
  return {
    ...{ asked, client, uniqueId: UNIQUE_ID, placement: { ok: true, value } },
    ...(asked.paymentToken && { tokenHashes: [hashOf(asked.paymentToken)] }),
  }
}

const hashOf = (token: string) => `key1.${createHash('sha256').update(token).digest('hex')}`

/** A world whose external order has left. */
const departedWorld = async (placed = asking()) => {
  const world = createOrderWorld({ retentionDays: 7 })
  world.partition().externalOrders.place([placed])
  const about = { data: { orderId: UNIQUE_ID } }
  world.answer(stockReserved(about), paymentAuthorized(about))
  world.answer(stockCommitted(about), paymentCaptured(about))
  await world.memory.ringUntilRest(world.wake)
  world.memory.advance(8 * DAY_MS)
  await world.partition().lookForDepartures()
  await world.memory.ringUntilRest(world.wake)
  world.published()
  expect(world.memory.sql('SELECT * FROM orders')).toEqual([])
  return world
}

describe('an external order that has left', () => {
  it('is the same order when its event comes again: nothing is placed or published', async () => {
    const world = await departedWorld()
    const rows = world.memory.rows()
    for (const call of ['refuse', 'place'] as const)
      expect(world.partition().externalOrders[call]([asking()])).toEqual([])
    const { uniqueId: _none, ...ofEarlierWorker } = asking()
    expect(world.partition().externalOrders.place([ofEarlierWorker])).toEqual([])
    expect(world.memory.rows()).toEqual(rows)
    expect(world.published()).toEqual([])
  })

  it.each([
    { items: [{ productId: 'P001', quantity: 3 }] },
    { items: [{ productId: 'P002', quantity: 2 }] },
    { totalAmount: 101 },
    { currency: 'EUR' },
    { paymentToken: 'pm_other' },
  ])('keeps its id from another order: %o', async (changes) => {
    const world = await departedWorld()
    expect(world.partition().externalOrders.place([asking(changes)])).toMatchObject([
      { orderId: 'web-1', reason: { code: 'order_id_taken' } },
    ])
    expect(world.memory.sql('SELECT * FROM orders')).toEqual([])
  })

  it('is the same where neither event names a currency, whatever the deployment assumes by now', async () => {
    const world = await departedWorld(asking({ isCurrencyImplied: true }))
    const again = asking({ isCurrencyImplied: true, currency: 'EUR' })
    expect(world.partition().externalOrders.place([again])).toEqual([])
  })

  it('says nothing of its customer', async () => {
    const world = await departedWorld()
    expect(JSON.stringify(world.memory.rows())).not.toMatch(/cust_1|pm_card/)
    expect(world.partition().externalOrders.place([asking({ customerId: '[erased]' })])).toEqual([])
  })

  it('is found by its external id, and read by its client alone', async () => {
    const world = await departedWorld()
    const find = (owner?: { client: string; orderId: string }) =>
      world.partition().findByExternalId({ externalId: 'web-1', owner })
    const found = [{ orderId: UNIQUE_ID, client: CLIENT.client }]
    expect(find()).toEqual(found)
    expect(find({ client: CLIENT.client, orderId: UNIQUE_ID })).toEqual(found)
    expect(find({ client: STRANGER.client, orderId: UNIQUE_ID.replace('z', 'y') })).toEqual([])
    const { access } = world.partition()
    expect(await access.get(UNIQUE_ID, CLIENT)).toMatchObject({
      orderId: 'web-1',
      status: 'confirmed',
    })
    expect(await access.get(UNIQUE_ID, STRANGER)).toBeUndefined()
    expect([...world.archived.keys()]).toEqual([`orders-0/external/000000001-${UNIQUE_ID}.ndjson`])
  })

  it('ignores late reports', async () => {
    const world = await departedWorld()
    world.answer(stockReserved({ data: { orderId: UNIQUE_ID } }))
    expect(world.memory.sql('SELECT * FROM orders')).toEqual([])
    expect(world.published()).toEqual([])
  })
})
