import { describe, expect, it } from 'vitest'
import { timeDigits } from '../../../src/kernel/ids.ts'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import { newOrderId } from '../../../src/kernel/partitions.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'
import { databaseBytes } from '../../support/database-bytes.ts'
import { command, createStockWorld, product, type StockWorld } from '../../support/stock-world.ts'

const NEED = { P001: 2, P002: 1 }

/** Stocked, listed and noted: at rest. */
const atRest = async (): Promise<StockWorld> => {
  const world = createStockWorld()
  world.stock({ P001: 10, P002: 5 })
  const ids = ['P001', 'P002'].flatMap((id) => [`${id}/ProductChanged/1`, `${id}/StockReplenished/1`])
  world.partition().acknowledge(ids)
  await world.memory.ringUntilRest(world.wake)
  world.listed.length = 0
  world.published()
  return world
}

describe('the ledger', () => {
  it('has every movement of a new hold two seconds after its order was placed', async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED))
    world.apply(command('commit', NEED))
    await world.memory.ring(world.wake)
    expect(world.memory.now()).toBe(NOW + 2 * SECOND_MS)
    expect(world.movements()).toEqual([
      'reservation 2 P001',
      'reservation 1 P002',
      'commit 2 P001',
      'commit 1 P002',
    ])
  })

  it('has an adjustment a second later', async () => {
    const world = await atRest()
    world.adjust('P001', -3, { reason: 'broken', adjustmentId: 'adj_broken' })
    const at = world.memory.now()
    await world.memory.ring(world.wake)
    expect(world.memory.now()).toBe(at + SECOND_MS)
    expect(world.listed).toEqual([
      {
        rows: [
          {
            movementId: 'adj_broken',
            productId: 'P001',
            kind: 'adjustment',
            quantity: -3,
            at,
            reason: 'broken',
          },
        ],
        products: [],
      },
    ])
  })

  it('that fails is written five seconds later', async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED), command('commit', NEED))
    let failures = 0
    world.onList = async () => {
      failures += 1
      if (failures === 1) throw new Error('overloaded')
    }
    await world.memory.ringUntilRest(world.wake)
    expect(world.memory.now()).toBe(NOW + 7 * SECOND_MS)
    expect(world.movements()).toHaveLength(4)
  })

  it('that fails changes no level', async () => {
    const world = await atRest()
    world.onList = async () => {
      throw new Error('overloaded')
    }
    world.apply(command('reserve', NEED))
    await world.memory.ring(world.wake)
    expect(world.level('P001')).toEqual([10, 2])
  })

  it('that takes its time misses no movement made meanwhile', async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED))
    world.onList = async () => {
      world.onList = async () => {}
      world.apply(command('commit', NEED))
    }
    await world.memory.ringUntilRest(world.wake)
    expect(new Set(world.movements())).toEqual(
      new Set(['reservation 2 P001', 'reservation 1 P002', 'commit 2 P001', 'commit 1 P002']),
    )
  })

  it('has nothing of a refused order', async () => {
    const world = await atRest()
    world.apply(command('reserve', { P001: 11 }))
    expect(world.memory.wakeAt()).toBeUndefined()
  })
})

describe('a recent reservation', () => {
  const holds = (world: StockWorld) =>
    world.memory.sql<{ order_id: string; due_at: number | null }>('SELECT order_id, due_at FROM holds')
  const late = newOrderId('0', `${timeDigits(NOW)}${'z'.repeat(16)}`)
  const earlier = newOrderId('0', `${timeDigits(NOW - 3 * MINUTE_MS)}${'z'.repeat(16)}`)

  it('that is closed at the look never has a due time, and takes one ledger row for each product', async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED))
    world.memory.advance(80)
    world.apply(command('commit', NEED))
    const stored = world.memory.rows().holds
    expect(holds(world)).toEqual([{ order_id: ORDER_ID, due_at: null }])
    await world.memory.ringUntilRest(world.wake)
    expect(world.memory.rows().holds).toEqual(stored)
    expect(world.listed.flatMap(({ rows }) => rows.map(({ kind, productId }) => [kind, productId]))).toEqual([
      ['commit', 'P001'],
      ['commit', 'P002'],
    ])
  })

  it('that is open at the look is listed, and is due in an hour', async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED))
    await world.memory.ring(world.wake)
    const at = world.memory.now()
    expect(holds(world)).toEqual([{ order_id: ORDER_ID, due_at: at + 60 * MINUTE_MS }])
    expect(world.movements()).toEqual(['reservation 2 P001', 'reservation 1 P002'])
  })

  it('that changes after the look is due a second later', async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED), command('commit', NEED))
    await world.memory.ringUntilRest(world.wake)
    world.apply(command('release', NEED))
    const at = world.memory.now()
    expect(holds(world)).toEqual([{ order_id: ORDER_ID, due_at: at + SECOND_MS }])
    await world.memory.ringUntilRest(world.wake)
    expect(world.movements().slice(-2)).toEqual(['return 2 P001', 'return 1 P002'])
    expect(holds(world)).toEqual([{ order_id: ORDER_ID, due_at: null }])
  })

  it.each([
    ['an external id', '12345'],
    ['an id of a time that was looked at', late],
    ['an old id', earlier],
  ])('needs a due time under %s', async (_, orderId) => {
    const world = await atRest()
    world.apply(command('reserve', { P002: 1 }))
    await world.memory.ring(world.wake)
    world.apply(command('reserve', NEED, orderId))
    const at = world.memory.now()
    expect(holds(world).find(({ order_id }) => order_id === orderId)?.due_at).toBe(at + SECOND_MS)
    await world.memory.ring(world.wake)
    expect(world.movements().slice(-2)).toEqual(['reservation 2 P001', 'reservation 1 P002'])
  })

  it('that has a due time keeps it when it changes before: the row is listed once', async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED, '12345'))
    const dueAt = world.memory.wakeAt()
    world.memory.advance(80)
    world.apply(command('commit', NEED, '12345'))
    expect(holds(world)).toEqual([{ order_id: '12345', due_at: dueAt }])
    await world.memory.ringUntilRest(world.wake)
    expect(world.movements()).toEqual([
      ...['reservation 2 P001', 'commit 2 P001'],
      ...['reservation 1 P002', 'commit 1 P002'],
    ])
  })

  it('is looked at after a restart, although the alarm was lost', async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED), command('commit', NEED))
    world.memory.loseAlarm()
    world.restart()
    await world.memory.ringUntilRest(world.wake)
    expect(world.movements()).toHaveLength(4)
  })

  it.each([
    ['a restart', (world: StockWorld) => world.restart()],
    ['a call that rearms the partition', (world: StockWorld) => world.partition().wakeForDue()],
  ])(
    'is looked at again after %s where the ledger failed, although the alarm was lost',
    async (_, revive) => {
      const world = await atRest()
      world.apply(command('reserve', NEED), command('commit', NEED))
      world.onList = async () => {
        throw new Error('overloaded')
      }
      await world.memory.ring(world.wake)
      world.memory.loseAlarm()
      world.onList = async () => {}
      revive(world)
      await world.memory.ringUntilRest(world.wake)
      expect(world.movements()).toHaveLength(4)
      expect(holds(world)).toEqual([{ order_id: ORDER_ID, due_at: null }])
    },
  )
})

describe('a fact', () => {
  const put = async () => {
    const world = await atRest()
    world.partition().putProduct(product('P001', { unitPriceMinor: 6_000 }))
    world.published()
    return { world, at: world.memory.now() }
  }

  it('is redelivered until it is acknowledged, each time after a longer delay', async () => {
    const { world, at } = await put()
    const times: number[] = []
    while ((world.memory.wakeAt() ?? at + 3 * MINUTE_MS) < at + 3 * MINUTE_MS) {
      await world.memory.ring(world.wake)
      if (world.published().length > 0) times.push((world.memory.now() - at) / SECOND_MS)
    }
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0))
    expect(gaps.length).toBeGreaterThanOrEqual(5)
    expect(Math.max(...gaps)).toBeLessThan(60)
  })

  it('is published again as the same event', async () => {
    const { world, at } = await put()
    await world.memory.ringUntil(at + 8 * SECOND_MS, world.wake)
    expect(world.published()).toEqual(['order P001/ProductChanged/2'])
  })

  it('is no longer outstanding once it is acknowledged and listed', async () => {
    const { world } = await put()
    world.partition().acknowledge(['P001/ProductChanged/2'])
    await world.memory.ringUntilRest(world.wake)
    expect([world.published(), world.memory.wakeAt()]).toEqual([[], undefined])
  })

  it('that is noted before it is listed is listed all the same', async () => {
    const { world } = await put()
    world.partition().acknowledge(['P001/ProductChanged/2'])
    await world.memory.ringUntilRest(world.wake)
    expect(world.listed.flatMap(({ products }) => products)).toMatchObject([
      { productId: 'P001', unitPriceMinor: 6_000, revision: 2 },
    ])
  })

  it('is listed once, although it stays outstanding', async () => {
    const { world, at } = await put()
    await world.memory.ringUntil(at + 30 * SECOND_MS, world.wake)
    expect(world.listed.flatMap(({ products }) => products)).toHaveLength(1)
  })

  it('is noted once for all, whatever else is noted', async () => {
    const { world } = await put()
    world.partition().acknowledge(['P001/ProductChanged/2', 'X/ProductChanged/1', 'nonsense'])
    world.partition().acknowledge(['P001/ProductChanged/2'])
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })

  it('that was overtaken does not note the later one', async () => {
    const { world, at } = await put()
    world.partition().acknowledge(['P001/ProductChanged/1'])
    await world.memory.ringUntil(at + 8 * SECOND_MS, world.wake)
    expect(world.published()).toEqual(['order P001/ProductChanged/2'])
  })

  it('is redelivered after a restart, although the alarm was lost', async () => {
    const { world, at } = await put()
    world.memory.loseAlarm()
    world.restart()
    await world.memory.ringUntil(at + 8 * SECOND_MS, world.wake)
    expect(world.published()).toEqual(['order P001/ProductChanged/2'])
  })

  it('that a level is empty is published to operations, and redelivered', async () => {
    const world = await atRest()
    world.apply(command('reserve', { P001: 10 }))
    expect(world.published()).toEqual(['operations P001/StockDepleted/2'])
    await world.memory.ringUntil(world.memory.now() + 8 * SECOND_MS, world.wake)
    expect(world.published()).toEqual(['operations P001/StockDepleted/2'])
  })

  it('that a level is filled again is another', async () => {
    const world = await atRest()
    world.apply(command('reserve', { P001: 10 }))
    world.apply(command('release', { P001: 10 }))
    expect(world.published()).toEqual([
      'operations P001/StockDepleted/2',
      'operations P001/StockReplenished/3',
    ])
  })
})

describe('a reservation without news of its order', () => {
  const reserved = async () => {
    const world = await atRest()
    world.apply(command('reserve', NEED))
    return { world, at: world.memory.now() }
  }

  it('is asked about after an hour', async () => {
    const { world, at } = await reserved()
    await world.memory.ringUntil(at + 61 * MINUTE_MS, world.wake)
    expect(world.published()).toEqual([
      expect.stringMatching(new RegExp(`^order ${ORDER_ID}/ReservationOverdue/\\d+$`)),
    ])
  })

  it('is asked about every hour', async () => {
    const { world, at } = await reserved()
    await world.memory.ringUntil(at + 183 * MINUTE_MS, world.wake)
    expect(new Set(world.published()).size).toBe(3)
  })

  it('is asked about no longer once it is committed', async () => {
    const { world } = await reserved()
    world.apply(command('commit', NEED))
    await world.memory.ringUntilRest(world.wake)
    expect(world.published()).toEqual([])
  })

  it('has its commit in the ledger within a second all the same', async () => {
    const { world } = await reserved()
    await world.memory.ring(world.wake)
    world.memory.advance(MINUTE_MS)
    world.apply(command('commit', NEED))
    const at = world.memory.now()
    await world.memory.ring(world.wake)
    expect(world.memory.now()).toBe(at + SECOND_MS)
    expect(world.movements()).toContain('commit 2 P001')
  })
})

describe('at rest', () => {
  it('nothing is due', async () => {
    const world = await atRest()
    expect(world.memory.wakeAt()).toBeUndefined()
    expect(world.memory.sql('SELECT * FROM facts WHERE due_at IS NOT NULL')).toEqual([])
  })

  it('a thousand changes of a price have left nothing but the product', async () => {
    const world = await atRest()
    const left = databaseBytes(world.memory.sql)
    for (let unitPriceMinor = 1; unitPriceMinor <= 1_000; unitPriceMinor += 1) {
      const { product: changed } = world.partition().putProduct(product('P001', { unitPriceMinor }))
      world.partition().acknowledge([`P001/ProductChanged/${changed.revision}`])
      if (unitPriceMinor % 100 === 0) await world.memory.ringUntilRest(world.wake)
    }
    expect(world.memory.sql('SELECT * FROM facts')).toEqual([])
    // The pages that were free for facts meanwhile stay with the file: less than a hundred changes at a time.
    expect(databaseBytes(world.memory.sql) - left).toBeLessThan(200_000)
  })
})
