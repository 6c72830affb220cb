import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ALL_PRODUCTS } from '../../../src/order/pause.ts'
import { createCatalogue, updateCatalogue } from '../../../workers/order/catalogue.ts'
import { deletePause, storePause } from '../../../workers/order/pauses.ts'
import { productChangedEvent } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

/** A price may be this old. */
const FRESH_MS = 2_000

type Price = { productId: string; unitPrice: number; revision?: number }

/** A catalogue over a database whose reads are counted, and wait where the test says so. */
const createWorld = ({ upTo }: { upTo?: string } = {}) => {
  const d1 = createInMemoryD1('order', upTo === undefined ? {} : { upTo })
  const clock = { now: 1_000_000 }
  const reads = { count: 0, rows: 0, delay: async (): Promise<void> => undefined }
  const counted = {
    prepare: (query: string) => {
      const all = async (values: unknown[]) => {
        reads.count += 1
        const found = await d1.database
          .prepare(query)
          .bind(...values)
          .all()
        reads.rows += found.results.length
        await reads.delay()
        return found
      }
      return { bind: (...values: unknown[]) => ({ all: () => all(values) }) }
    },
  } as unknown as D1Database
  const catalogue = createCatalogue(() => clock.now)
  const find = async (...productIds: string[]) => {
    const found = await catalogue.find(counted, productIds)
    return Object.fromEntries(Array.from(found, ([id, product]) => [id, product.unitPriceMinor]))
  }
  const change = (...prices: Price[]) =>
    updateCatalogue(
      d1.database,
      prices.map(({ productId, unitPrice, revision = 1 }) =>
        productChangedEvent({
          revision,
          data: { productId, name: productId, unitPrice, currency: 'USD' },
        }),
      ),
    )
  return { d1, clock, reads, find, change, catalogue }
}

describe('pauses of new orders', () => {
  const pausedIn = async ({ catalogue, d1 }: ReturnType<typeof createWorld>, ...productIds: string[]) => {
    const found = await catalogue.find(d1.database, productIds)
    return Object.fromEntries(Array.from(found, ([id, { paused }]) => [id, paused]))
  }
  const pause = ({ d1 }: ReturnType<typeof createWorld>, productId: string) =>
    storePause(d1.database, { productId, reason: 'Recalled.', client: 'anna', at: 1 }).run()

  it('come with the read of the catalogue that there is anyway, and hold at the latest two seconds later', async () => {
    const world = createWorld()
    const { find, change, clock, reads } = world
    await change({ productId: 'A', unitPrice: 1 }, { productId: 'B', unitPrice: 2 })
    await find('A', 'B')
    await pause(world, 'A')
    expect(await pausedIn(world, 'A', 'B')).toEqual({ A: undefined, B: undefined })
    clock.now += FRESH_MS
    const before = reads.count
    await find('A', 'B')
    expect(reads.count).toBe(before + 1)
    expect(await pausedIn(world, 'A', 'B')).toEqual({ A: 'alone', B: undefined })
    await pause(world, ALL_PRODUCTS)
    clock.now += FRESH_MS
    expect(await pausedIn(world, 'A', 'B')).toEqual({ A: 'all', B: 'all' })
    for (const productId of ['A', ALL_PRODUCTS]) await deletePause(world.d1.database, productId).run()
    clock.now += FRESH_MS
    expect(await pausedIn(world, 'A', 'B')).toEqual({ A: undefined, B: undefined })
  })

  it('hold in a new isolate from its first order on', async () => {
    const world = createWorld()
    await world.change({ productId: 'A', unitPrice: 1 })
    await pause(world, 'A')
    expect(await pausedIn(world, 'A')).toEqual({ A: 'alone' })
  })

  it('of a read that a later one overtook count for nothing', async () => {
    const world = createWorld()
    const { find, change, clock, reads } = world
    await change({ productId: 'A', unitPrice: 1 }, { productId: 'B', unitPrice: 1 })
    const slow = Promise.withResolvers<void>()
    reads.delay = () => slow.promise
    const overtaken = find('A')
    await settle()
    reads.delay = async () => undefined
    await pause(world, 'A')
    clock.now += FRESH_MS
    await find('B')
    slow.resolve()
    await overtaken
    expect(await pausedIn(world, 'A')).toEqual({ A: 'alone' })
  })
})

describe('the copy of the catalogue', () => {
  it('finds products by id, and leaves out those that are not there', async () => {
    const { find, change } = createWorld()
    await change({ productId: 'A', unitPrice: 1 }, { productId: 'B', unitPrice: 2 })
    expect(await find('B', 'X', 'A', 'B')).toEqual({ A: 100, B: 200 })
  })

  it('serves all orders of known products with one read in a second and a half', async () => {
    const { find, change, reads, clock } = createWorld()
    await change({ productId: 'A', unitPrice: 1 }, { productId: 'B', unitPrice: 2 })
    await find('A', 'B')
    for (let order = 0; order < 1_000; order += 1) {
      clock.now += 10
      expect(await find(order % 2 === 0 ? 'A' : 'B')).not.toEqual({})
    }
    expect(reads.count).toBe(1 + Math.floor(10_000 / 1_500))
  })

  it('lets one order ask what changed, and the others use the copy meanwhile', async () => {
    const { find, change, reads, clock } = createWorld()
    await change({ productId: 'A', unitPrice: 1 })
    await find('A')
    clock.now += 1_600
    await Promise.all([find('A'), find('A'), find('A')])
    expect(reads.count).toBe(2)
  })

  it('reads a product that it does not have, although it knows others', async () => {
    const { find, change } = createWorld()
    await change({ productId: 'A', unitPrice: 1 })
    await find('A')
    await change({ productId: 'B', unitPrice: 2 })
    expect(await find('A', 'B')).toEqual({ A: 100, B: 200 })
  })

  it('reads only the products that an order names, however many there are', async () => {
    const { find, change, reads } = createWorld()
    await change(
      ...Array.from({ length: 600 }, (_, index) => ({ productId: `P${index}`, unitPrice: 1 + index })),
    )
    expect(await find('P7')).toEqual({ P7: 800 })
    const theNumberOfTheLastChange = 1
    expect(reads.rows).toBe(theNumberOfTheLastChange + 1)
  })

  it('uses a changed price at the latest two seconds later', async () => {
    const { find, change, clock } = createWorld()
    await change({ productId: 'A', unitPrice: 1 })
    await find('A')
    await change({ productId: 'A', unitPrice: 3, revision: 2 })
    clock.now += FRESH_MS
    expect(await find('A')).toEqual({ A: 300 })
  })

  it('uses no price that it knew from before more changes than one read may have', async () => {
    const { find, change, clock } = createWorld()
    const prices = (unitPrice: number, revision: number) =>
      Array.from({ length: 1_200 }, (_, index) => ({ productId: `P${index}`, unitPrice, revision }))
    await change(...prices(1, 1))
    await find('P0', 'P1199')
    await change(...prices(2, 2))
    clock.now += FRESH_MS
    expect(await find('P0')).toEqual({ P0: 200 })
    expect(await find('P1199')).toEqual({ P1199: 200 })
    await change({ productId: 'P0', unitPrice: 3, revision: 3 })
    clock.now += FRESH_MS
    expect(await find('P0', 'P1199')).toEqual({ P0: 300, P1199: 200 })
  })

  it('remembers nothing of a read that a later one overtook', async () => {
    const { find, change, clock, reads } = createWorld()
    await change({ productId: 'A', unitPrice: 1 }, { productId: 'B', unitPrice: 1 })
    const slow = Promise.withResolvers<void>()
    await find('B')
    reads.delay = () => slow.promise
    const overtaken = find('A')
    await settle()
    reads.delay = async () => undefined
    await change({ productId: 'A', unitPrice: 2, revision: 2 })
    clock.now += FRESH_MS
    await find('B')
    slow.resolve()
    await overtaken
    clock.now += 100
    expect(await find('A')).toEqual({ A: 200 })
  })

  it('loses no change between the first two reads of a new isolate', async () => {
    const { find, change, clock, reads } = createWorld()
    await change({ productId: 'A', unitPrice: 1 }, { productId: 'B', unitPrice: 1 })
    const slow = Promise.withResolvers<void>()
    const first = find('A')
    await change({ productId: 'A', unitPrice: 2, revision: 2 })
    reads.delay = () => slow.promise
    const second = find('B')
    await first
    slow.resolve()
    await second
    clock.now += FRESH_MS
    expect(await find('A')).toEqual({ A: 200 })
  })

  it('sees what a Worker of an earlier version writes, which knows no numbers of changes', async () => {
    const { d1, find, clock } = createWorld({ upTo: '0004' })
    const write = (price: number, revision: number) =>
      d1.sql(
        `INSERT INTO catalogue (product_id, revision, unit_price_minor, currency) VALUES ('A', ?, ?, 'USD')
          ON CONFLICT (product_id) DO UPDATE SET
            revision = excluded.revision, unit_price_minor = excluded.unit_price_minor, currency = excluded.currency
          WHERE excluded.revision > catalogue.revision`,
        revision,
        price,
      )
    write(100, 1)
    d1.migrateOn()
    expect(await find('A')).toEqual({ A: 100 })
    write(200, 2)
    clock.now += FRESH_MS
    expect(await find('A')).toEqual({ A: 200 })
  })

  it('keeps at most ten thousand products, and reads the others again', async () => {
    const { find, change, reads } = createWorld()
    const ids = Array.from({ length: 10_001 }, (_, index) => `P${index}`)
    await change(...ids.map((productId) => ({ productId, unitPrice: 1 })))
    await find(...ids)
    await find('P10000')
    expect(reads.count).toBe(1)
    await find('P0')
    expect(reads.count).toBe(2)
  })

  it('never finds a price that was replaced more than two seconds before, in whatever order reads end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(STEP, { minLength: 8, maxLength: 30 }), async (steps) => {
        const found = await run(steps)
        expect(found.filter(({ price, oldest }) => price < oldest)).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})

const STEP = fc.oneof(
  fc.record({ kind: fc.constant('find' as const), id: fc.nat(2) }),
  fc.record({ kind: fc.constant('change' as const), id: fc.nat(2) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(100, 700, 1_400, 2_000) }),
  fc.record({ kind: fc.constant('end' as const), nth: fc.nat(2) }),
)

type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never

/** Every price found, and the oldest one that was allowed. A product's price is its revision. */
const run = async (steps: readonly Step[]) => {
  const { find, change, clock, reads } = createWorld()
  const pending: (() => void)[] = []
  reads.delay = () => new Promise((resolve) => pending.push(resolve))
  const history = [0, 1, 2].map(() => [{ at: 0, price: 1 }])
  const finds: Promise<{ price: number; oldest: number }>[] = []
  const setPrice = (id: number, price: number) =>
    change({ productId: `P${id}`, unitPrice: price, revision: price })
  const look = async (id: number) => {
    const oldest = history[id]?.findLast(({ at }) => at <= clock.now - FRESH_MS)?.price ?? 0
    const found = await find(`P${id}`)
    return { price: (found[`P${id}`] ?? 0) / 100, oldest }
  }
  const take = async (step: Step): Promise<void> => {
    switch (step.kind) {
      case 'wait':
        clock.now += step.ms
        return
      case 'end':
        pending.splice(step.nth, 1)[0]?.()
        return
      case 'find':
        finds.push(look(step.id))
        return
      case 'change': {
        const price = (history[step.id]?.length ?? 0) + 1
        history[step.id]?.push({ at: clock.now, price })
        await setPrice(step.id, price)
      }
    }
  }
  for (const id of history.keys()) await setPrice(id, 1)
  for (const step of steps) {
    await take(step)
    await settle()
  }
  while (pending.length > 0) {
    for (const end of pending.splice(0)) end()
    await settle()
  }
  return await Promise.all(finds)
}

/** Everything that can go on has gone on. */
const settle = () => new Promise((resolve) => setImmediate(resolve))
