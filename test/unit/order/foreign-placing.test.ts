import { describe, expect, it } from 'vitest'
import type { ForeignOrder } from '../../../src/contracts/foreign-order.ts'
import type { ForeignRequest } from '../../../workers/order/placing.ts'
import { CLIENT, NOW, OPERATOR, paymentDeclined, STRANGER, stockReserved } from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const ASKED: ForeignOrder = {
  orderId: '12345',
  items: [{ productId: 'P001', quantity: 2 }],
  totalAmount: 100,
  currency: 'USD',
  paymentToken: 'pm_card_visa',
  customerId: 'cust_1',
}

const asking = (changes: Partial<ForeignOrder> = {}, client = CLIENT.client): ForeignRequest => {
  const asked = { ...ASKED, ...changes }
  const { orderId, currency, paymentToken = '', customerId = '' } = asked
  const lines = asked.items.map((item) => ({
    ...item,
    unitPriceMinor: 5_000,
    amountMinor: 5_000 * item.quantity,
  }))
  const totalMinor = asked.totalAmount * 100
  const value = {
    orderId,
    client,
    currency,
    totalMinor,
    lines,
    paymentToken,
    customerId,
    causationId: 'their-id',
  }
  return { asked, client, placement: { ok: true, value } }
}

const DEARER = { code: 'price_mismatch', detail: 'The total is 120.00 USD (totalAmount 120).' } as const
const refused = (changes: Partial<ForeignOrder> = {}): ForeignRequest => ({
  ...asking(changes),
  placement: { ok: false, reason: DEARER },
})

const place = (world: ReturnType<typeof createOrderWorld>, ...requests: ForeignRequest[]) =>
  world.partition().placeForeign(requests)

const TAKEN = { orderId: '12345', reason: { code: 'order_id_taken' } }

describe('an order that brings its own id', () => {
  it('is stored under it, by our clock, and published as what its event caused', () => {
    const world = createOrderWorld()
    expect(place(world, asking())).toEqual([])
    expect(world.partition().get('12345', CLIENT)).toMatchObject({
      orderId: '12345',
      status: 'pending',
      placedAt: '2026-11-23T12:00:00.000Z',
    })
    const [first] = world.memory.takePublished()
    expect(first?.event).toMatchObject({
      id: '12345/OrderPlaced',
      causationid: 'their-id',
      hops: 0,
      time: '2026-11-23T12:00:00.000Z',
    })
    expect(NOW).toBe(world.memory.now())
  })

  it('is the same order again, whatever became of it and of the prices, and is not published again', () => {
    const world = createOrderWorld()
    place(world, asking())
    world.answer(paymentDeclined({ data: { orderId: '12345' } }))
    world.published()
    const before = world.partition().get('12345', CLIENT)
    expect(place(world, refused())).toEqual([])
    expect(world.partition().get('12345', CLIENT)).toEqual(before)
    expect(world.published()).toEqual([])
  })

  it('is not placed where it cannot be priced', () => {
    const world = createOrderWorld()
    expect(place(world, refused())).toEqual([{ orderId: '12345', reason: DEARER }])
    expect([world.partition().get('12345', CLIENT), world.published()]).toEqual([undefined, []])
  })

  it.each([
    ['other lines', asking({ items: [{ productId: 'P001', quantity: 1 }] })],
    ['another total', asking({ totalAmount: 101 })],
    ['another currency', asking({ currency: 'EUR' })],
    ['another token', asking({ paymentToken: 'pm_sim_slow' })],
    ['another customer', asking({ customerId: 'cust_2' })],
    ['another client', asking({}, STRANGER.client)],
    ['a client that may act for all', asking({}, OPERATOR.client)],
  ])('cannot be placed a second time with %s', (_, request) => {
    const world = createOrderWorld()
    place(world, asking())
    world.published()
    expect(world.partition().refuseForeign([request])).toMatchObject([TAKEN])
    expect(place(world, request)).toMatchObject([TAKEN])
    expect(world.published()).toEqual([])
  })

  it('cannot be placed once an answer about it was met with a rejection', () => {
    const world = createOrderWorld()
    world.answer(stockReserved({ data: { orderId: '12345' } }))
    expect(place(world, asking())).toMatchObject([
      { ...TAKEN, reason: { detail: expect.stringContaining('before anybody had placed it') } },
    ])
  })

  it('is placed with all others of its turn, or none is', () => {
    const world = createOrderWorld()
    expect(place(world, asking({ orderId: 'a' }), refused({ orderId: 'b' }))).toMatchObject([
      { orderId: 'b' },
    ])
    expect(world.partition().get('a', CLIENT)).toBeUndefined()
    place(world, asking({ orderId: 'a' }), asking({ orderId: 'b' }))
    expect(['a', 'b'].map((id) => world.partition().get(id, CLIENT)?.orderId)).toEqual(['a', 'b'])
  })

  it('is only looked at where it is asked what would be refused', () => {
    const world = createOrderWorld()
    expect(world.partition().refuseForeign([asking()])).toEqual([])
    expect([world.partition().get('12345', CLIENT), world.published()]).toEqual([undefined, []])
  })
})

describe('an event that names no currency, after the deployment has taken another for its own', () => {
  const implied = (currency: string) => {
    const request = asking({ currency, isCurrencyImplied: true })
    if (!request.placement.ok) return request
    return {
      ...request,
      placement: {
        ...request.placement,
        value: { ...request.placement.value, isCurrencyImplied: true as const },
      },
    }
  }

  it('is the same order again', () => {
    const world = createOrderWorld()
    expect(place(world, implied('USD'))).toEqual([])
    expect(place(world, implied('EUR'))).toEqual([])
    expect(world.partition().get('12345', CLIENT)).toMatchObject({ currency: 'USD', totalAmount: 100 })
  })

  it('is another order than one whose event named another currency', () => {
    const world = createOrderWorld()
    expect(place(world, asking({ currency: 'USD' }))).toEqual([])
    expect(place(world, implied('EUR'))).toMatchObject([TAKEN])
  })
})
