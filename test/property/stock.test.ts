import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DomainEvent } from '../../src/contracts/events.ts'
import { movementsOf } from '../../src/inventory/movements.ts'
import {
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  orderRejectedEvent,
} from '../support/builders.ts'
import { type CallFate, createInventoryWorld, type InventoryWorld } from '../support/inventory-world.ts'

const PRODUCTS = ['P001', 'P002', 'P003', 'P004'] as const
const ORDERS = ['a', 'b', 'c'] as const

type OrderName = (typeof ORDERS)[number]
type Quantities = Partial<Record<(typeof PRODUCTS)[number], number>>

/** An event of an order reaches the inventory, for the first time or again; or stock comes and goes. */
type Move =
  | { kind: 'event'; order: OrderName; which: 'placed' | 'decided'; fates: CallFate[] }
  | { kind: 'decide'; order: OrderName; isReleased: boolean }
  | { kind: 'adjust'; product: (typeof PRODUCTS)[number]; delta: number }

type World = {
  partitionCount: number
  onHand: Quantities
  needs: Record<OrderName, Quantities>
  moves: Move[]
}

/** Enough for every order, or for some. */
const onHand = fc.oneof(fc.integer({ min: 9, max: 12 }), fc.nat(5))
const needs = fc
  .dictionary(fc.constantFrom(...PRODUCTS), fc.integer({ min: 1, max: 3 }), { minKeys: 1, maxKeys: 4 })
  .map((found) => found as Quantities)
const anOrder = fc.constantFrom(...ORDERS)

const moves = (fates: readonly CallFate[]): fc.Arbitrary<Move> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('event' as const),
        order: anOrder,
        which: fc.constantFrom('placed' as const, 'decided' as const),
        fates: fc.array(fc.constantFrom(...fates), { maxLength: 6 }),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('decide' as const),
        order: anOrder,
        isReleased: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('adjust' as const),
        product: fc.constantFrom(...PRODUCTS),
        delta: fc.integer({ min: -6, max: 6 }).filter((delta) => delta !== 0),
      }),
    },
  )

const worlds = (fates: readonly CallFate[]): fc.Arbitrary<World> =>
  fc.record({
    partitionCount: fc.integer({ min: 1, max: 3 }),
    onHand: fc.record({ P001: onHand, P002: onHand, P003: onHand, P004: onHand }),
    needs: fc.record({ a: needs, b: needs, c: needs }),
    moves: fc.array(moves(fates), { maxLength: 40, size: 'max' }),
  })

/** The order service's state of an order; it decides by the inventory's reports alone. */
type Known = { status: 'pending' | 'confirmed' | 'released'; reports: string[] }

/** Runs one history and checks `invariant` after every step. */
const run = async (
  world: World,
  invariant: (inventory: InventoryWorld, known: Map<string, Known>) => void,
) => {
  const stocked = Object.fromEntries(PRODUCTS.map((product) => [product, world.onHand[product] ?? 0]))
  const inventory = createInventoryWorld(stocked, world.partitionCount)
  const known = new Map<string, Known>(ORDERS.map((order) => [order, { status: 'pending', reports: [] }]))
  const applyReports = (reports: DomainEvent[]) => {
    for (const { subject, type } of reports) known.get(subject)?.reports.push(type)
  }
  for (const move of world.moves) {
    await make(move, { inventory, known, needs: world.needs })
    applyReports(inventory.takeReports())
    invariant(inventory, known)
  }
  inventory.fateOf = () => 'fine'
  for (const order of ORDERS) {
    for (const event of [placed(order, world.needs), decided(order, world.needs, known)]) {
      await inventory.respond(...(event ? [event] : []))
    }
  }
  applyReports(inventory.takeReports())
  invariant(inventory, known)
  return { inventory, known }
}

type Context = { inventory: InventoryWorld; known: Map<string, Known>; needs: World['needs'] }

const make = async (move: Move, { inventory, known, needs }: Context): Promise<void> => {
  if (move.kind === 'adjust') {
    inventory.stockOf(move.product).adjust(move.product, move.delta)
    return
  }
  if (move.kind === 'decide') {
    decideOrder(known.get(move.order), move.isReleased)
    return
  }
  const fates = [...move.fates]
  inventory.fateOf = () => fates.shift() ?? 'fine'
  const event = move.which === 'placed' ? placed(move.order, needs) : decided(move.order, needs, known)
  if (event !== undefined) await inventory.respond(event)
}

/** An order is confirmed only after StockReserved, and may be released at any time. */
const decideOrder = (order: Known | undefined, isReleased: boolean): void => {
  if (order === undefined) return
  if (isReleased) order.status = 'released'
  else if (order.status === 'pending' && order.reports.at(-1) === 'StockReserved') order.status = 'confirmed'
}

const about = (orderId: string, needs: World['needs']) => ({
  data: {
    orderId,
    items: Object.entries(needs[orderId as OrderName]).map(([productId, quantity]) => ({
      productId,
      quantity: quantity ?? 1,
    })),
  },
})

const placed = (order: string, needs: World['needs']) => orderPlacedEvent(about(order, needs))

const decided = (order: string, needs: World['needs'], known: Map<string, Known>) => {
  const status = known.get(order)?.status
  if (status === 'confirmed') return orderConfirmedEvent(about(order, needs))
  if (status !== 'released') return undefined
  return order < 'b' ? orderCancelledEvent(about(order, needs)) : orderRejectedEvent(about(order, needs))
}

/** Sums of all movements by the reservations of a product, and of all its adjustments. */
const totals = (inventory: InventoryWorld, productId: string) => {
  const movements = ORDERS.flatMap((order) => inventory.holds(order))
    .flatMap(movementsOf)
    .filter((movement) => movement.productId === productId)
  const sum = (kind: string) =>
    movements.filter((each) => each.kind === kind).reduce((total, { quantity }) => total + quantity, 0)
  const [received] = inventory
    .stockOf(productId)
    .memory.sql<{ total: number }>(
      `SELECT coalesce(sum(document ->> 'delta'), 0) AS total FROM adjustments WHERE document ->> 'productId' = ?`,
      productId,
    )
  return {
    received: received?.total ?? 0,
    reserved: sum('reservation') - sum('commit') - sum('release'),
    committed: sum('commit'),
    returned: sum('return'),
  }
}

const HONEST: readonly CallFate[] = ['fine']
const FAULTY: readonly CallFate[] = ['fine', 'fine', 'fails', 'reply lost']

/** A counterexample found here: the partition whose release failed still holds what the other has released. */
const RELEASED_IN_PART: World = {
  partitionCount: 2,
  onHand: { P001: 0, P002: 0, P003: 1, P004: 9 },
  needs: { a: { P003: 1, P002: 1 }, b: { P001: 1 }, c: { P001: 1 } },
  moves: [
    { kind: 'decide', order: 'a', isReleased: true },
    { kind: 'event', order: 'a', which: 'decided', fates: ['fails'] },
    { kind: 'event', order: 'a', which: 'placed', fates: [] },
  ],
}

const always = (
  fates: readonly CallFate[],
  invariant: (inventory: InventoryWorld, known: Map<string, Known>) => void,
) =>
  fc.assert(
    fc.asyncProperty(worlds(fates), async (world) => {
      await run(world, invariant)
    }),
    { numRuns: 60, examples: fates === FAULTY ? [[RELEASED_IN_PART]] : [] },
  )

describe('for all events, in any order, repeated, and with calls that fail', () => {
  it('0 ≤ reserved ≤ on hand', async () => {
    await always(FAULTY, (inventory) => {
      for (const product of PRODUCTS) {
        const [onHand = 0, reserved = 0] = inventory.level(product) ?? []
        expect(0 <= reserved && reserved <= onHand).toBe(true)
      }
    })
  })

  it('received stock is on hand, or committed and not returned', async () => {
    await always(FAULTY, (inventory) => {
      for (const product of PRODUCTS) {
        const { received, committed, returned, reserved } = totals(inventory, product)
        expect(inventory.level(product)).toEqual([received - committed + returned, reserved])
      }
    })
  })

  it('G3: nothing is oversold: committed and reserved never exceed what was received', async () => {
    await always(FAULTY, (inventory) => {
      for (const product of PRODUCTS) {
        const { received, committed, returned, reserved } = totals(inventory, product)
        expect(committed - returned + reserved).toBeLessThanOrEqual(received)
      }
    })
  })

  it('a report never takes back an earlier one', async () => {
    const NEXT: Record<string, string[]> = {
      StockReserved: ['StockReserved', 'StockCommitted', 'StockReleased'],
      StockCommitted: ['StockCommitted', 'StockReleased'],
      StockReleased: ['StockReleased'],
      StockRejected: ['StockRejected'],
    }
    await always(FAULTY, (_, known) => {
      for (const { reports } of known.values()) {
        const isStep = (report: string, index: number) =>
          NEXT[reports[index - 1] ?? '']?.includes(report) ?? true
        expect(reports.filter((report, index) => !isStep(report, index))).toEqual([])
      }
    })
  })

  it('an order holds nothing once it is reported as released or rejected', async () => {
    await always(FAULTY, (inventory, known) => {
      for (const [order, { reports }] of known) {
        if (!['StockReleased', 'StockRejected'].includes(reports.at(-1) ?? '')) continue
        const held = inventory
          .holds(order)
          .filter(({ state }) => state === 'reserved' || state === 'committed')
        expect(held).toEqual([])
      }
    })
  })
})

describe('once every event has come', () => {
  const atLast = (invariant: (inventory: InventoryWorld, order: string, known: Known) => void) =>
    fc.assert(
      fc.asyncProperty(worlds(FAULTY), async (world) => {
        const { inventory, known } = await run(world, () => {})
        for (const [order, each] of known) invariant(inventory, order, each)
      }),
      { numRuns: 60 },
    )

  it('a released order holds nothing', async () => {
    await atLast((inventory, order, { status }) => {
      if (status !== 'released') return
      const states = inventory.holds(order).map(({ state }) => state)
      expect(states.filter((state) => state === 'reserved' || state === 'committed')).toEqual([])
    })
  })

  it('a confirmed order has all of its lines committed', async () => {
    await atLast((inventory, order, { status }) => {
      if (status !== 'confirmed') return
      expect(new Set(inventory.holds(order).map(({ state }) => state))).toEqual(new Set(['committed']))
    })
  })
})

describe('where no call fails', () => {
  it('an order holds nothing once it is reported as released or rejected', async () => {
    await always(HONEST, (inventory, known) => {
      for (const [order, { reports }] of known) {
        if (!['StockReleased', 'StockRejected'].includes(reports.at(-1) ?? '')) continue
        const states = inventory.holds(order).map(({ state }) => state)
        expect(states.filter((state) => state === 'reserved' || state === 'committed')).toEqual([])
      }
    })
  })
})
