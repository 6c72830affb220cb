import { describe, expect, it } from 'vitest'
import type { StockStep } from '../../../src/contracts/books.ts'
import { DAY_MS, MINUTE_MS } from '../../../src/kernel/instant.ts'
import { done } from '../../../src/messaging/consume.ts'
import {
  NOW,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  ordersArchivedEvent,
} from '../../support/builders.ts'
import { createInventoryWorld, type InventoryWorld } from '../../support/inventory-world.ts'
import type { StockWorld } from '../../support/stock-world.ts'

const BEFORE = NOW + 7 * DAY_MS
const ARCHIVED = ordersArchivedEvent([ORDER_ID], BEFORE)
const STOCK = { P001: 10, P002: 5 }

const partitionsOf = ({ stockOf }: InventoryWorld): StockWorld[] => [
  ...new Set(Object.keys(STOCK).map(stockOf)),
]

const ringAll = async (world: InventoryWorld): Promise<void> => {
  for (const { memory, wake, partition } of partitionsOf(world)) {
    const facts = memory.sql<{ fact_id: string }>('SELECT fact_id FROM facts')
    partition().acknowledge(facts.map(({ fact_id }) => fact_id))
    await memory.ringUntilRest(wake)
  }
}

/** An order that was confirmed, listed, and archived a week later. */
const confirmed = async (): Promise<InventoryWorld> => {
  const world = createInventoryWorld(STOCK)
  await world.respond(orderPlacedEvent())
  await world.respond(orderConfirmedEvent())
  await ringAll(world)
  for (const { memory } of partitionsOf(world)) memory.advance(8 * DAY_MS)
  world.takeReports()
  return world
}

const departed = async (): Promise<InventoryWorld> => {
  const world = await confirmed()
  await world.respond(ARCHIVED)
  await ringAll(world)
  world.takeReports()
  return world
}

const rowsOf = (world: InventoryWorld) => partitionsOf(world).map(({ memory }) => memory.rows())
const levels = (world: InventoryWorld) => Object.keys(STOCK).map((id) => world.stockOf(id).level(id))

const auditOf = ({ partition }: StockWorld): StockStep => {
  let step = partition().walk({ walkId: 'w', isFirst: true })
  while (step.state === 'walking') step = partition().walk({ walkId: 'w', isFirst: false })
  return step
}

describe('the reservations of an archived order', () => {
  it('leave every partition into the sums, and are acknowledged once', async () => {
    const world = await confirmed()
    expect(await world.respond(ARCHIVED)).toEqual([done])
    expect(world.holds(ORDER_ID)).toEqual([])
    const sums = partitionsOf(world).flatMap(({ memory }) => memory.rows().departed_stock)
    expect(sums).toEqual(
      expect.arrayContaining([
        { product_id: 'P001', committed: 2 },
        { product_id: 'P002', committed: 1 },
      ]),
    )
    expect(world.takeReports()).toMatchObject([
      { type: 'FactNoted', source: '/inventory', subject: ORDER_ID, data: { ids: [ARCHIVED.id] } },
    ])
  })

  it('G13: reservations that have left leave stock that still adds up', async () => {
    const world = await departed()
    expect(levels(world)).toEqual([
      [8, 0],
      [4, 0],
    ])
    for (const stock of partitionsOf(world))
      expect(auditOf(stock)).toMatchObject({ state: 'ended', differing: [] })
  })

  it('leave the ledger a minute later', async () => {
    const world = await confirmed()
    await world.respond(ARCHIVED)
    const stock = world.stockOf('P001')
    expect(stock.memory.wakeAt()).toBe(stock.memory.now() + MINUTE_MS)
    await ringAll(world)
    const keys = partitionsOf(world).flatMap(({ unlisted }) => unlisted)
    expect(keys.toSorted()).toEqual([
      ['P001', NOW, `${ORDER_ID}/commit`],
      ['P001', NOW, `${ORDER_ID}/reservation`],
      ['P002', NOW, `${ORDER_ID}/commit`],
      ['P002', NOW, `${ORDER_ID}/reservation`],
    ])
  })

  it('leave once, however often the event comes', async () => {
    const world = await departed()
    const before = rowsOf(world)
    expect(await world.respond(ARCHIVED, ARCHIVED)).toEqual([done, done])
    expect(rowsOf(world)).toEqual(before)
  })

  it('stay while stock is reserved', async () => {
    const world = createInventoryWorld(STOCK)
    await world.respond(orderPlacedEvent())
    await world.respond(ARCHIVED)
    expect(world.holds(ORDER_ID)).not.toEqual([])
  })

  it('stay until the ledger has their movements', async () => {
    const world = createInventoryWorld(STOCK)
    await world.respond(orderPlacedEvent())
    await world.respond(orderConfirmedEvent())
    await world.respond(ARCHIVED)
    expect(world.holds(ORDER_ID)).not.toEqual([])
    await ringAll(world)
    expect(world.holds(ORDER_ID)).toEqual([])
    for (const { movements } of partitionsOf(world)) expect(movements()).not.toEqual([])
  })
})

describe('an event about an order whose reservations have left', () => {
  it.each([orderPlacedEvent(), orderConfirmedEvent()])(
    'G13: $type about an order whose reservations have left is done, and changes nothing',
    async (event) => {
      const world = await departed()
      for (const stock of partitionsOf(world)) stock.restart()
      const before = rowsOf(world)
      expect(await world.respond(event)).toEqual([done])
      expect([rowsOf(world), world.takeReports()]).toEqual([before, []])
    },
  )

  it('a release is reported, so that an order settles of which a partition never heard', async () => {
    const world = await departed()
    const before = rowsOf(world)
    expect(await world.respond(orderCancelledEvent())).toEqual([done])
    expect([rowsOf(world), world.takeReports()]).toMatchObject([before, [{ type: 'StockReleased' }]])
  })
})

it('an order whose first event is as old as the last departure, or younger, is reserved', async () => {
  const world = await departed()
  const orderId = 'ord_0_01m844dzg0000000000000000z'
  expect(await world.respond(orderPlacedEvent({ at: BEFORE, data: { orderId } }))).toEqual([done])
  expect(world.takeReports()).toMatchObject([{ type: 'StockReserved' }])
})

it('the event comes again where a partition fails', async () => {
  const world = await confirmed()
  world.fateOf = () => 'fails'
  expect(await world.respond(ARCHIVED)).toMatchObject([{ kind: 'retry' }])
  expect(world.takeReports()).toEqual([])
})
