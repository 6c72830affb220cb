import { describe, expect, it } from 'vitest'
import type { ProductPlace } from '../../../src/inventory/product-feed.ts'
import { createStockWorld, product } from '../../support/stock-world.ts'

/** The positions of the rows, by product. */
const positionsIn = ({ memory }: ReturnType<typeof createStockWorld>) =>
  memory
    .sql<{ product_id: string; position: number | null }>(
      'SELECT product_id, position FROM products ORDER BY product_id',
    )
    .map(({ product_id, position }) => [product_id, position])

const read = (world: ReturnType<typeof createStockWorld>, place?: ProductPlace, newEpoch = 'epoch') => {
  const page = world.partition().feed.read({ place, limit: 10, newEpoch })
  if (!page.ok) throw new Error(page.reason)
  return page.value
}

const withTwoProducts = () => {
  const world = createStockWorld()
  world.stock({ P1: 3, P2: 5 })
  return world
}

describe('the product feed', () => {
  it('is off until it is first read, and rows take no positions', () => {
    const world = withTwoProducts()
    expect(positionsIn(world)).toEqual([
      ['P1', null],
      ['P2', null],
    ])
  })

  it('begins with all products, and gives a product again once its price or its stock has changed', () => {
    const world = withTwoProducts()
    const first = read(world)
    expect(first.events.map(({ partitionkey, sequence }) => [partitionkey, sequence])).toEqual([
      ['P1', '0000000002'],
      ['P2', '0000000002'],
    ])
    world.adjust('P2', -1)
    world.partition().putProduct(product('P2', { unitPriceMinor: 7_500 }))
    const { events, place } = read(world, first.place)
    expect(events).toMatchObject([
      { id: 'P2/ProductState/4', data: { unitPrice: 75, onHand: 4, reserved: 0, available: 4 } },
    ])
    expect(read(world, place)).toEqual({ events: [], place, hasMore: false })
  })

  it('gives what an order takes', () => {
    const world = withTwoProducts()
    const { place } = read(world)
    world.apply({ kind: 'reserve', orderId: 'ord_0_1', lines: [{ productId: 'P1', quantity: 2 }] })
    expect(read(world, place).events).toMatchObject([
      { partitionkey: 'P1', data: { onHand: 3, reserved: 2, available: 1 } },
    ])
  })

  it('stays on after a restart', () => {
    const world = withTwoProducts()
    const { place } = read(world)
    world.restart()
    world.adjust('P1', 1)
    expect(read(world, place, 'another').events.map(({ partitionkey }) => partitionkey)).toEqual(['P1'])
  })

  it('refuses each place from before it was switched off, and rows take no positions from then on', () => {
    const world = withTwoProducts()
    const { place } = read(world)
    expect([world.partition().feed.switchOff(), world.partition().feed.switchOff()]).toEqual([true, false])
    world.adjust('P1', 1)
    expect(positionsIn(world)).toEqual([
      ['P1', null],
      ['P2', null],
    ])
    expect(world.partition().feed.read({ place, limit: 1, newEpoch: 'next' })).toEqual({
      ...{ ok: false, reason: 'place_unknown' },
    })
    expect(read(world, undefined, 'next').events).toHaveLength(2)
    expect(world.partition().feed.read({ place, limit: 1, newEpoch: 'next' }).ok).toBe(false)
  })

  it('ends a wait when a product changes', async () => {
    const world = withTwoProducts()
    const { place } = read(world)
    const waiting = world.partition().feed.untilNew(place, 30_000)
    world.adjust('P2', 1)
    await waiting
    expect(read(world, place).events).toHaveLength(1)
  })
})
