import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { ExternalOrder } from '../../../src/contracts/external-order.ts'
import { digitsOf } from '../../../src/kernel/ids.ts'
import { newOrderId } from '../../../src/kernel/partitions.ts'
import type { ExternalPlaceRequest } from '../../../src/order/partition/external-placement.ts'
import { CLIENT, NOW, OPERATOR, paymentDeclined, STRANGER, stockReserved } from '../../support/builders.ts'
import { createOrderWorld } from '../../support/order-world.ts'

const ASKED: ExternalOrder = {
  orderId: '12345',
  items: [{ productId: 'P001', quantity: 2 }],
  totalAmount: 100,
  currency: 'USD',
  paymentToken: 'pm_card_visa',
  customerId: 'cust_1',
}

const uniqueIdOf = (client: string, externalId: string): string =>
  newOrderId('0', digitsOf(createHash('sha256').update(`${client} ${externalId}`).digest(), 26))

const UNIQUE_ID = uniqueIdOf(CLIENT.client, '12345')

const asking = (changes: Partial<ExternalOrder> = {}, client = CLIENT.client): ExternalPlaceRequest => {
  const asked = { ...ASKED, ...changes }
  const uniqueId = uniqueIdOf(client, asked.orderId)
  const { orderId: externalId, currency, paymentToken = '', customerId = '' } = asked
  const lines = asked.items.map((item) => ({
    ...item,
    unitPriceMinor: 5_000,
    amountMinor: 5_000 * item.quantity,
  }))
  const totalMinor = asked.totalAmount * 100
  const value = {
    orderId: uniqueId,
    externalId,
    client,
    currency,
    totalMinor,
    lines,
    paymentToken,
    customerId,
    causationId: 'their-id',
  }
  return { asked, client, placement: { ok: true, value }, uniqueId }
}

/** The same request, as a Worker of an earlier version sends it. */
const askingAsBefore = (
  changes: Partial<ExternalOrder> = {},
  client = CLIENT.client,
): ExternalPlaceRequest => {
  const { asked, placement } = asking(changes, client)
  if (!placement.ok) throw new Error('was refused')
  const { externalId: _new, ...value } = placement.value
  return { asked, client, placement: { ok: true, value: { ...value, orderId: asked.orderId } } }
}

const DEARER = { code: 'price_mismatch', detail: 'The total is 120.00 USD (totalAmount 120).' } as const
const refused = (changes: Partial<ExternalOrder> = {}): ExternalPlaceRequest => ({
  ...asking(changes),
  placement: { ok: false, reason: DEARER },
})

const place = (world: ReturnType<typeof createOrderWorld>, ...requests: ExternalPlaceRequest[]) =>
  world.partition().externalOrders.place(requests)

const TAKEN = { orderId: '12345', reason: { code: 'order_id_taken' } }

describe('an order that brings its own id', () => {
  it('is stored under it, by our clock, and published as what its event caused', () => {
    const world = createOrderWorld()
    expect(place(world, asking())).toEqual([])
    expect(world.partition().get(UNIQUE_ID, CLIENT)).toMatchObject({
      orderId: '12345',
      status: 'pending',
      placedAt: '2026-11-23T12:00:00.000Z',
    })
    const [first] = world.memory.takePublished()
    expect(first?.event).toMatchObject({
      id: `${UNIQUE_ID}/OrderPlaced`,
      subject: UNIQUE_ID,
      externalid: '12345',
      causationid: 'their-id',
      hops: 0,
      time: '2026-11-23T12:00:00.000Z',
    })
    expect(NOW).toBe(world.memory.now())
  })

  it('is the same order again, whatever became of it and of the prices, and is not published again', () => {
    const world = createOrderWorld()
    place(world, asking())
    world.answer(paymentDeclined({ data: { orderId: UNIQUE_ID } }))
    world.published()
    const before = world.partition().get(UNIQUE_ID, CLIENT)
    expect(place(world, refused())).toEqual([])
    expect(world.partition().get(UNIQUE_ID, CLIENT)).toEqual(before)
    expect(world.published()).toEqual([])
  })

  it('is not placed where it cannot be priced', () => {
    const world = createOrderWorld()
    expect(place(world, refused())).toEqual([{ orderId: '12345', reason: DEARER }])
    expect([world.partition().get(UNIQUE_ID, CLIENT), world.published()]).toEqual([undefined, []])
  })

  it.each([
    ['other lines', asking({ items: [{ productId: 'P001', quantity: 1 }] })],
    ['another total', asking({ totalAmount: 101 })],
    ['another currency', asking({ currency: 'EUR' })],
    ['another token', asking({ paymentToken: 'pm_sim_slow' })],
    ['another customer', asking({ customerId: 'cust_2' })],
  ])('cannot be placed a second time with %s', (_, request) => {
    const world = createOrderWorld()
    place(world, asking())
    world.published()
    expect(world.partition().externalOrders.refuse([request])).toMatchObject([TAKEN])
    expect(place(world, request)).toMatchObject([TAKEN])
    expect(world.published()).toEqual([])
  })

  it.each([
    ['another client', STRANGER.client],
    ['a client that may act for all', OPERATOR.client],
  ])('is another order for %s', (_, client) => {
    const world = createOrderWorld()
    place(world, asking())
    const other = asking({ totalAmount: 101 }, client)
    expect(world.partition().externalOrders.refuse([other])).toEqual([])
    expect(place(world, other)).toEqual([])
    const theirs = world.partition().get(uniqueIdOf(client, '12345'), OPERATOR)
    expect(theirs).toMatchObject({ orderId: '12345', client, totalAmount: 101 })
    expect(world.partition().get(UNIQUE_ID, OPERATOR)).toMatchObject({ orderId: '12345', totalAmount: 100 })
  })

  it('is not used up by an event without a client under its id', () => {
    const world = createOrderWorld()
    world.answer(stockReserved({ data: { orderId: '12345' } }))
    expect(place(world, asking())).toEqual([])
    expect(world.partition().get(UNIQUE_ID, CLIENT)).toMatchObject({ status: 'pending' })
  })

  it('cannot be placed once an answer about it was met with a rejection', () => {
    const world = createOrderWorld()
    world.answer(stockReserved({ data: { orderId: UNIQUE_ID } }))
    expect(place(world, asking())).toMatchObject([
      { ...TAKEN, reason: { detail: expect.stringContaining('arrived before the order was placed') } },
    ])
  })

  it('is placed with all others of its turn, or none is', () => {
    const world = createOrderWorld()
    expect(place(world, asking({ orderId: 'a' }), refused({ orderId: 'b' }))).toMatchObject([
      { orderId: 'b' },
    ])
    expect(world.partition().get(uniqueIdOf(CLIENT.client, 'a'), CLIENT)).toBeUndefined()
    place(world, asking({ orderId: 'a' }), asking({ orderId: 'b' }))
    expect(
      ['a', 'b'].map((id) => world.partition().get(uniqueIdOf(CLIENT.client, id), CLIENT)?.orderId),
    ).toEqual(['a', 'b'])
  })

  it('is only looked at where it is asked what would be refused', () => {
    const world = createOrderWorld()
    expect(world.partition().externalOrders.refuse([asking()])).toEqual([])
    expect([world.partition().get(UNIQUE_ID, CLIENT), world.published()]).toEqual([undefined, []])
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
    expect(world.partition().get(UNIQUE_ID, CLIENT)).toMatchObject({ currency: 'USD', totalAmount: 100 })
  })

  it('is another order than one whose event named another currency', () => {
    const world = createOrderWorld()
    expect(place(world, asking({ currency: 'USD' }))).toEqual([])
    expect(place(world, implied('EUR'))).toMatchObject([TAKEN])
  })
})

describe('an order that an earlier version stored under its external id', () => {
  const stored = () => {
    const world = createOrderWorld()
    expect(place(world, askingAsBefore())).toEqual([])
    world.published()
    return world
  }

  it('keeps that id, and is the same order again', () => {
    const world = stored()
    expect(place(world, asking())).toEqual([])
    expect(place(world, asking({ totalAmount: 101 }))).toMatchObject([TAKEN])
    expect(world.published()).toEqual([])
    expect(world.partition().get('12345', CLIENT)).toMatchObject({ orderId: '12345' })
    expect(world.partition().get(UNIQUE_ID, CLIENT)).toBeUndefined()
  })

  it('is in no other client’s way', () => {
    const world = stored()
    expect(place(world, asking({ totalAmount: 101 }, STRANGER.client))).toEqual([])
    expect(world.partition().get('12345', CLIENT)).toMatchObject({ totalAmount: 100 })
  })

  it('is not placed a second time by a Worker of that version', () => {
    const world = createOrderWorld()
    place(world, asking())
    world.published()
    expect(place(world, askingAsBefore())).toEqual([])
    expect(place(world, askingAsBefore({ totalAmount: 101 }))).toMatchObject([TAKEN])
    expect(world.published()).toEqual([])
  })
})

describe('the orders that an external id may stand for', () => {
  const ownedBy = (client: string) => ({ client, orderId: uniqueIdOf(client, '12345') })
  const owner = ownedBy(CLIENT.client)

  it('is that of its client alone', () => {
    const world = createOrderWorld()
    place(world, asking())
    place(world, asking({}, STRANGER.client))
    expect(world.partition().findByExternalId({ externalId: '12345', owner })).toEqual([owner])
    const unknown = { externalId: '12345', owner: ownedBy('another') }
    expect(world.partition().findByExternalId(unknown)).toEqual([])
  })

  it('are those of all clients for who acts for all, those of earlier versions too', () => {
    const world = createOrderWorld()
    place(world, askingAsBefore())
    place(world, asking({}, STRANGER.client))
    place(world, asking({ orderId: 'another' }))
    expect(world.partition().findByExternalId({ externalId: '12345' })).toEqual([
      { orderId: '12345', client: CLIENT.client },
      ownedBy(STRANGER.client),
    ])
    expect(world.partition().findByExternalId({ externalId: '12345', owner })).toEqual([
      { orderId: '12345', client: CLIENT.client },
    ])
  })

  it('leave out orders that were never placed', () => {
    const world = createOrderWorld()
    world.answer(stockReserved({ data: { orderId: '12345' } }))
    expect(world.partition().findByExternalId({ externalId: '12345' })).toEqual([])
    expect(world.partition().findByExternalId({ externalId: '12345', owner })).toEqual([])
  })
})
