import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StockStep } from '../../../src/contracts/books.ts'
import { StockPartition } from '../../../src/inventory/partition/stock-partition.ts'
import { createMemoryHost } from '../../support/memory-host.ts'
import { command, product } from '../../support/stock-world.ts'

const PRODUCTS = ['P1', 'P2'] as const

/** A partition that reads two rows in a step. */
const createWorld = () => {
  const memory = createMemoryHost()
  const start = () =>
    new StockPartition({
      ...{ host: memory.host, walkRows: 2 },
      list: async () => {},
      unlist: async () => {},
    })
  let partition = start()
  let adjustments = 0
  const adjust = (productId: string, delta: number, id = `adj_${++adjustments}`) =>
    partition.adjust({ adjustmentId: id, productId, delta, reason: 'receipt', request: undefined })
  for (const productId of PRODUCTS) {
    partition.putProduct(product(productId))
    adjust(productId, 20)
  }
  const walk = (walkId = 'w', isFirst = false): StockStep => partition.walk({ walkId, isFirst })
  return {
    memory,
    adjust,
    walk,
    partition: () => partition,
    restart: () => {
      partition = start()
    },
    /** Every step from the first to the last. */
    wholeWalk: (): StockStep => {
      let step = walk('w', true)
      while (step.state === 'walking') step = walk()
      return step
    },
  }
}

const SOUND = { state: 'ended', products: 2, differing: [] }

const order = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const move = fc.oneof(
  fc.record({
    kind: fc.constantFrom('reserve', 'commit', 'release'),
    order,
    quantity: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ kind: fc.constant('adjust'), order, quantity: fc.integer({ min: -5, max: 5 }) }),
  fc.record({ kind: fc.constant('step'), order, quantity: fc.constant(0) }),
)

type World = ReturnType<typeof createWorld>
type Move = typeof move extends fc.Arbitrary<infer Drawn> ? Drawn : never

/** The ids of adjustments are in no order: some lie behind the walk. */
const play = (world: World, { kind, order: orderId, quantity }: Move, nth: number): void => {
  if (kind === 'step') stepOn(world)
  else if (kind !== 'adjust') {
    const commands = [command(kind as 'reserve', { P1: quantity, P2: 1 }, orderId)]
    world.partition().apply(commands)
  } else if (quantity !== 0) world.adjust('P1', quantity, `adj_${orderId}${nth}`)
}

/** A walk that has ended begins again. */
const stepOn = (world: World): void => {
  const step = world.walk()
  if (step.state === 'ended') expect(step).toEqual(SOUND)
  if (step.state !== 'walking') world.walk('w', true)
}

const endOf = (world: World): StockStep => {
  let step = world.walk()
  while (step.state === 'walking') step = world.walk()
  return step
}

describe('a walk through the stock', () => {
  it('adds up at its end, whatever changes before it and behind it', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const world = createWorld()
        world.walk('w', true)
        for (const [nth, each] of moves.entries()) play(world, each, nth)
        expect(endOf(world)).toEqual(SOUND)
      }),
    )
  })

  it.each([
    [
      'more is on hand than came in',
      "UPDATE products SET on_hand = on_hand + 1 WHERE product_id = 'P1'",
      [1, 0],
    ],
    ['a reservation counts no more', "UPDATE products SET reserved = 0 WHERE product_id = 'P1'", [0, -3]],
    ['a committed reservation is gone', "DELETE FROM holds WHERE order_id = 'o2'", [-2, 0]],
    ['an adjustment is gone', "DELETE FROM adjustments WHERE adjustment_id = 'adj_1'", [20, 0]],
    ['the product is gone', "DELETE FROM products WHERE product_id = 'P1'", [-18, -3]],
  ])('finds that %s', (_, statement, [onHand, reserved]) => {
    const world = createWorld()
    world.partition().apply([command('reserve', { P1: 3 }, 'o1'), command('reserve', { P1: 2 }, 'o2')])
    world.partition().apply([command('commit', { P1: 2 }, 'o2')])
    expect(world.wholeWalk()).toEqual(SOUND)
    world.memory.sql(statement)
    const ended = world.wholeWalk()
    if (ended.state !== 'ended') throw new Error(ended.state)
    const drifts = ended.differing.map(({ productId, level, sum }) => [
      productId,
      level.onHand - sum.onHand,
      level.reserved - sum.reserved,
    ])
    expect(drifts).toEqual([['P1', onHand, reserved]])
  })

  it('does not count what was undone together with its turn', () => {
    const world = createWorld()
    world.walk('w', true)
    const fails = () =>
      world.memory.host.turn(() => {
        world.partition().apply([command('reserve', { P1: 3 }, 'o1')])
        world.adjust('P1', 5, 'adj_0')
        throw new Error('the disk is full')
      })
    expect(fails).toThrow('full')
    expect(endOf(world)).toEqual(SOUND)
  })

  it('is lost with the memory of its partition, and where four others begin', () => {
    const world = createWorld()
    world.walk('w', true)
    world.restart()
    expect(world.walk()).toEqual({ state: 'lost' })
    for (const id of ['w', 'x', 'y', 'z']) world.walk(id, true)
    expect(world.walk('w').state).not.toBe('lost')
    world.walk('fifth', true)
    expect(world.walk('w')).toEqual({ state: 'lost' })
    expect(world.walk('x').state).not.toBe('lost')
  })
})
