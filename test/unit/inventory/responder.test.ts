import { describe, expect, it } from 'vitest'
import { done } from '../../../src/messaging/consume.ts'
import {
  factNoted,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  orderRejectedEvent,
  paymentCaptured,
  stockCommitted,
  stockRejected,
  stockReleased,
  stockReserved,
} from '../../support/builders.ts'
import { createInventoryWorld, type InventoryWorld } from '../../support/inventory-world.ts'
import { product } from '../../support/stock-world.ts'

/** P001 lies in the first of two partitions, P002 in the second. */
const stocked = (onHand: Record<string, number> = { P001: 10, P002: 5 }) => createInventoryWorld(onHand)
const afterwards = async (world: InventoryWorld, ...events: Parameters<InventoryWorld['respond']>) => {
  for (const event of events) await world.respond(event)
  world.takeReports()
  world.takeCalls()
  return world
}
const typesOf = (events: { type: string }[]) => events.map(({ type }) => type)
const retry = (error: string) => ({ kind: 'retry', error: `Error: ${error}` })

describe('an order event is answered with the leg as it stands', () => {
  it.each([
    ['OrderPlaced', [], orderPlacedEvent(), stockReserved()],
    ['OrderConfirmed', [orderPlacedEvent()], orderConfirmedEvent(), stockCommitted()],
    ['OrderRejected', [orderPlacedEvent()], orderRejectedEvent(), stockReleased()],
    ['OrderCancelled', [orderPlacedEvent()], orderCancelledEvent(), stockReleased()],
    [
      'OrderCancelled after the commit',
      [orderPlacedEvent(), orderConfirmedEvent()],
      orderCancelledEvent(),
      stockReleased(),
    ],
    ['OrderCancelled before its order', [], orderCancelledEvent(), stockReleased()],
    ['OrderPlaced after its end', [orderCancelledEvent()], orderPlacedEvent(), stockReleased()],
    [
      'OrderConfirmed after its end',
      [orderPlacedEvent(), orderCancelledEvent()],
      orderConfirmedEvent(),
      stockReleased(),
    ],
    [
      'OrderPlaced after the commit',
      [orderPlacedEvent(), orderConfirmedEvent()],
      orderPlacedEvent(),
      stockCommitted(),
    ],
  ])('%s', async (_, before, event, answer) => {
    const world = await afterwards(stocked(), ...before)
    expect(await world.respond(event)).toEqual([done])
    const cause = { causationid: event.id, hops: event.hops + 1 }
    expect(world.takeReports()).toEqual([{ ...answer, ...cause }])
  })

  it('an unknown order is released in every partition', async () => {
    const world = await afterwards(stocked(), orderPlacedEvent())
    await world.respond(orderRejectedEvent({ data: { items: [], totalAmount: 0 } }))
    expect([world.level('P001'), world.level('P002')]).toEqual([
      [10, 0],
      [5, 0],
    ])
    expect(typesOf(world.takeReports())).toEqual(['StockReleased'])
  })
})

describe('an order that is short in one partition', () => {
  const short = { P001: 10, P002: 0 }

  it('is rejected, naming what is short', async () => {
    const world = stocked(short)
    await world.respond(orderPlacedEvent())
    const lines = [{ productId: 'P002', requested: 1, available: 0 }]
    expect(world.takeReports()).toEqual([
      { ...stockRejected({ data: { lines } }), causationid: orderPlacedEvent().id, hops: 1 },
    ])
  })

  it('holds nothing in the other', async () => {
    const world = stocked(short)
    await world.respond(orderPlacedEvent())
    expect(world.level('P001')).toEqual([10, 0])
  })

  it('is rejected again when it is delivered again, although there is enough by now', async () => {
    const world = await afterwards(stocked(short), orderPlacedEvent())
    world.stockOf('P002').adjust('P002', 100)
    await world.respond(orderPlacedEvent())
    expect(typesOf(world.takeReports())).toEqual(['StockRejected'])
    expect(world.level('P001')).toEqual([10, 0])
  })

  it('is answered StockRejected to its end', async () => {
    const world = await afterwards(stocked(short), orderPlacedEvent())
    await world.respond(orderRejectedEvent())
    expect(typesOf(world.takeReports())).toEqual(['StockRejected'])
  })

  it('is not answered while the other still holds', async () => {
    const world = stocked(short)
    let calls = 0
    world.fateOf = () => {
      calls += 1
      return calls <= 2 ? 'fine' : 'fails'
    }
    expect(await world.respond(orderPlacedEvent())).toEqual([retry('partition 0 is away')])
    expect(world.takeReports()).toEqual([])
    world.fateOf = () => 'fine'
    await world.respond(orderPlacedEvent())
    expect(typesOf(world.takeReports())).toEqual(['StockRejected'])
    expect(world.level('P001')).toEqual([10, 0])
  })
})

describe('the same product on two lines', () => {
  it('is one need: both could pass where the sum cannot', async () => {
    const world = stocked({ P001: 3 })
    const items = [
      { productId: 'P001', quantity: 2 },
      { productId: 'P001', quantity: 2 },
    ]
    await world.respond(orderPlacedEvent({ data: { items } }))
    expect(world.takeReports()).toMatchObject([
      { type: 'StockRejected', data: { lines: [{ productId: 'P001', requested: 4, available: 3 }] } },
    ])
  })
})

describe('a batch', () => {
  const order = (orderId: string) => orderPlacedEvent({ data: { orderId } })

  it('is one call to each partition', async () => {
    const world = stocked()
    await world.respond(order('a'), order('b'), order('c'))
    expect(world.takeCalls().toSorted()).toEqual(['apply at 0', 'apply at 1'])
  })

  it('is one call more where something is held in vain', async () => {
    const world = stocked({ P001: 10, P002: 0 })
    await world.respond(order('a'), order('b'))
    expect(world.takeCalls().toSorted()).toEqual(['apply at 0', 'apply at 0', 'apply at 1'])
  })

  it('is answered in its order', async () => {
    const world = stocked({ P001: 4, P002: 5 })
    expect(await world.respond(order('a'), order('b'), order('c'))).toEqual([done, done, done])
    expect(world.takeReports().map(({ id }) => id)).toEqual([
      'a/StockReserved',
      'b/StockReserved',
      'c/StockRejected',
    ])
  })

  it('of which one partition is away has only those retried that need it', async () => {
    const world = stocked()
    world.fateOf = (index) => (index === 1 ? 'fails' : 'fine')
    const items = [{ productId: 'P001', quantity: 1 }]
    const outcomes = await world.respond(order('a'), orderPlacedEvent({ data: { orderId: 'b', items } }))
    expect(outcomes).toEqual([retry('partition 1 is away'), done])
    expect(world.takeReports().map(({ id }) => id)).toEqual(['b/StockReserved'])
  })

  it('whose answers cannot be published fails whole, and is met again as repeated', async () => {
    const world = stocked()
    world.onPublish = async () => {
      throw new Error('queue away')
    }
    await expect(world.respond(order('a'))).rejects.toThrow('queue away')
    world.onPublish = async () => {}
    expect(await world.respond(order('a'))).toEqual([done])
    expect([world.level('P001'), world.takeReports().length]).toEqual([[10, 2], 1])
  })
})

describe('a call whose answer was lost', () => {
  it('is made again without effect', async () => {
    const world = stocked()
    world.fateOf = () => 'reply lost'
    expect(await world.respond(orderPlacedEvent())).toEqual([
      expect.objectContaining({ kind: 'retry', error: expect.stringContaining('was lost') }),
    ])
    world.fateOf = () => 'fine'
    await world.respond(orderPlacedEvent())
    expect([world.level('P001'), world.level('P002')]).toEqual([
      [10, 2],
      [5, 1],
    ])
  })
})

/** After a report the order does not ask again, so no reservation may be left that nothing would release. */
describe('an order that is let go of in part', () => {
  const partlyReleased = async (...before: Parameters<InventoryWorld['respond']>) => {
    const world = await afterwards(stocked(), ...before)
    world.fateOf = (index) => (index === 1 ? 'fails' : 'fine')
    await world.respond(orderCancelledEvent())
    world.fateOf = () => 'fine'
    return world
  }
  /** The message with the cancellation is lost now: the answer to a repeated event is all the order hears. */
  const holdsAfterAnswer = async (world: InventoryWorld, event: Parameters<InventoryWorld['respond']>[0]) => {
    await world.respond(event)
    return [typesOf(world.takeReports()), world.holds(ORDER_ID).map(({ state }) => state)]
  }
  const ALL_RELEASED = [['StockReleased'], ['released', 'released']]

  it('holds nothing once StockReleased answered a repeated OrderPlaced', async () => {
    const world = await partlyReleased(orderPlacedEvent())
    expect(await holdsAfterAnswer(world, orderPlacedEvent())).toEqual(ALL_RELEASED)
  })

  it('holds nothing once StockReleased answered an OrderPlaced that came after its end', async () => {
    const world = await partlyReleased()
    expect(await holdsAfterAnswer(world, orderPlacedEvent())).toEqual(ALL_RELEASED)
  })

  it('holds nothing once StockReleased answered a repeated OrderConfirmed', async () => {
    const world = await partlyReleased(orderPlacedEvent(), orderConfirmedEvent())
    expect(await holdsAfterAnswer(world, orderConfirmedEvent())).toEqual(ALL_RELEASED)
  })
})

describe('a note', () => {
  it('reaches the partition of its product', async () => {
    const world = stocked()
    world
      .stockOf('P002')
      .partition()
      .putProduct(product('P002', { unitPriceMinor: 1 }))
    world.takeCalls()
    expect(await world.respond(factNoted('P002', ['P002/ProductChanged/2']))).toEqual([done])
    expect(world.takeCalls()).toEqual(['acknowledge at 1'])
    const noted = world.stockOf('P002').memory.sql('SELECT fact_id FROM facts WHERE is_noted = 1')
    expect(noted).toEqual([{ fact_id: 'P002/ProductChanged/2' }])
  })

  it('that cannot be taken comes again', async () => {
    const world = stocked()
    world.fateOf = () => 'fails'
    expect(await world.respond(factNoted('P001', ['P001/ProductChanged/1']))).toEqual([
      retry('partition 0 is away'),
    ])
  })

  it('is answered with nothing', async () => {
    const world = stocked()
    await world.respond(factNoted('P001', ['P001/ProductChanged/1']))
    expect(world.takeReports()).toEqual([])
  })
})

describe('what can never be handled is parked', () => {
  it('an event that the inventory does not subscribe to', async () => {
    expect(await stocked().respond(paymentCaptured())).toEqual([
      {
        kind: 'park',
        reason: 'unexpected_type',
        error: 'The inventory does not subscribe to PaymentCaptured.',
      },
    ])
  })

  it('a confirmation without a reservation', async () => {
    expect(await stocked().respond(orderConfirmedEvent())).toEqual([
      {
        kind: 'park',
        reason: 'nothing_reserved',
        error: `${ORDER_ID} is confirmed, but nothing was reserved for it.`,
      },
    ])
  })

  it('and the others of its batch are handled', async () => {
    const world = stocked()
    const [parked, handled] = await world.respond(paymentCaptured(), orderPlacedEvent())
    expect([parked?.kind, handled?.kind]).toEqual(['park', 'done'])
  })
})
