import { describe, expect, it } from 'vitest'
import { command, createStockWorld, product } from '../../support/stock-world.ts'

const traceparent = '00-16d8fe903483a4d2a8dd65bf491ea84d-7d416f4113cf5ce1-01'
const other = '00-b8489e71be901e302c850c92b587c14c-00f067aa0ba902b7-01'

const published = ({ memory }: ReturnType<typeof createStockWorld>) =>
  memory.takePublished().map(({ event }) => [event.type, event.traceparent])

const stocked = (onHand: number) => {
  const world = createStockWorld()
  world.stock({ P001: onHand })
  return world
}

describe('the trace of a fact about stock', () => {
  it('is that of the request which changed the product', () => {
    const world = createStockWorld()
    world.partition().putProduct(product('P001'), traceparent)
    expect(published(world)).toEqual([['ProductChanged', traceparent]])
    expect(world.partition().product('P001')).not.toHaveProperty('traceparent')
  })

  it('is that of the request which took the last, or brought the first', () => {
    const world = stocked(1)
    world.adjust('P001', -1, { traceparent })
    world.adjust('P001', 5, { traceparent: other })
    expect(published(world)).toEqual([
      ['StockDepleted', traceparent],
      ['StockReplenished', other],
    ])
  })

  it('is that of the order which took the last, of many that came together', () => {
    const world = stocked(2)
    world.apply(
      { ...command('reserve', { P001: 1 }, 'ord_1'), traceparent: other },
      { ...command('reserve', { P001: 1 }, 'ord_2'), traceparent },
      { ...command('reserve', { P001: 1 }, 'ord_3'), traceparent: other },
    )
    expect(published(world)).toEqual([['StockDepleted', traceparent]])
  })

  it('is the same when the fact is published again', async () => {
    const world = createStockWorld()
    world.partition().putProduct(product('P001'), traceparent)
    published(world)
    await world.memory.ringUntil(world.memory.now() + 60_000, world.wake)
    expect(new Set(published(world).map(String))).toEqual(new Set([`ProductChanged,${traceparent}`]))
  })
})
