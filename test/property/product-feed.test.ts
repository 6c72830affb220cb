import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type ProductEvent, type ProductPlace, productEvent } from '../../src/inventory/product-feed.ts'
import type { FeedPartitions } from '../../src/messaging/feed-reader.ts'
import { createProductFollower } from '../support/product-follower.ts'
import { createStockWorld, product } from '../support/stock-world.ts'

const PARTITIONS = 2
const PRODUCTS = ['P1', 'P2', 'P3', 'P4', 'P5']

const productArbitrary = fc.constantFrom(...PRODUCTS)

const stepArbitrary = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      productId: productArbitrary,
      unitPriceMinor: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('adjust' as const), productId: productArbitrary }) },
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('restart' as const), partition: fc.nat(PARTITIONS - 1) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'switch off' as const }) },
)

type Step = typeof stepArbitrary extends fc.Arbitrary<infer Each> ? Each : never

/** Stock partitions, and a reader of their feed. */
const createShop = () => {
  const worlds = Array.from({ length: PARTITIONS }, () => createStockWorld())
  const at = (index: number) => worlds[index] ?? createStockWorld()
  const partitionOf = (productId: string) => at(PRODUCTS.indexOf(productId) % PARTITIONS)
  const partitions: FeedPartitions<ProductEvent, ProductPlace> = {
    labels: Array.from({ length: PARTITIONS }, (_, label) => String(label)),
    read: async (label, request) => at(Number(label)).partition().feed.read(request),
    untilNew: async (label, place, withinMs) => at(Number(label)).partition().feed.untilNew(place, withinMs),
  }
  const follower = createProductFollower()
  let epochs = 0

  const read = (limit: number): Promise<number | undefined> => {
    epochs += 1
    return follower.read(partitions, limit, `epoch ${epochs}`)
  }

  return {
    overtaken: follower.overtaken,
    newest: () => Object.fromEntries([...follower.newest()].toSorted()),
    stored: () =>
      Object.fromEntries(
        PRODUCTS.flatMap((productId) => {
          const row = partitionOf(productId).partition().product(productId)
          return row === undefined ? [] : [[productId, productEvent(row)]]
        }),
      ),
    act: async (step: Step): Promise<void> => {
      if (step.kind === 'read') await read(step.limit)
      else if (step.kind === 'restart') at(step.partition).restart()
      else if (step.kind === 'switch off') for (const world of worlds) world.partition().feed.switchOff()
      else if (step.kind === 'adjust') partitionOf(step.productId).adjust(step.productId, 1)
      else {
        const { productId, unitPriceMinor } = step
        partitionOf(productId).partition().putProduct(product(productId, { unitPriceMinor }))
      }
    },
    readToEnd: async (limit: number): Promise<void> => {
      while ((await read(limit)) !== 0);
    },
  }
}

it('G14: whatever happens between its pages, a reader has the newest version of every product, and none overtakes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(stepArbitrary, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (steps, limit) => {
        const shop = createShop()
        for (const step of steps) await shop.act(step)
        await shop.readToEnd(limit)
        expect(shop.newest()).toEqual(shop.stored())
        expect(shop.overtaken()).toEqual([])
      },
    ),
  )
})
