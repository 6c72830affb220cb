import { beforeEach, describe, expect, it } from 'vitest'
import type { AlarmWorkPorts } from '../../../src/inventory/partition/alarm-work.ts'
import { listedStock } from '../../../src/inventory/partition/listed-stock.ts'
import { StockPartition } from '../../../src/inventory/partition/stock-partition.ts'
import { createListFilling } from '../../../src/messaging/list-filling.ts'
import {
  findMovements,
  findProducts,
  writeCatalogue,
  writeLedger,
} from '../../../workers/inventory/ledger.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'
import { createMemoryHost } from '../../support/memory-host.ts'
import { command, product } from '../../support/stock-world.ts'

/** More than one portion. */
const ORDERS = 130

const orderId = (number: number) => `ord_0_${String(number).padStart(26, '0')}`

const start = () => {
  const memory = createMemoryHost()
  const { database, sql } = createInMemoryD1('inventory')
  let failures = 0
  const list: AlarmWorkPorts['list'] = async ({ rows, products }) => {
    failures -= 1
    if (failures === 0) throw new Error('D1_ERROR: overloaded')
    await Promise.all([writeLedger(database, rows), writeCatalogue(database, products)])
  }
  const partition = new StockPartition({ host: memory.host, list, unlist: async () => {} })
  const source = listedStock({ list, announce: (products) => partition.announce(products) })
  const filling = createListFilling({ host: memory.host, partition: 'stock-0', source })
  const page = { list: 'x', limit: 1_000 }
  return {
    memory,
    partition,
    filling,
    alarm: async () => void (await Promise.all([partition.wake(), filling.wake()])),
    failOnce: (writes: number) => {
      failures = writes
    },
    wipe: () => {
      sql('DELETE FROM movements')
      sql('DELETE FROM products')
    },
    movements: async () => (await findMovements(database, 'P001', page)).items,
    products: async () => (await findProducts(database, page)).items,
  }
}

const CHANGES = ['P001/ProductChanged/1', 'P002/ProductChanged/1']

let world: ReturnType<typeof start>

/** A product with a stock, and orders of one unit each: a third is only reserved, a third committed, a third released. */
beforeEach(async () => {
  world = start()
  const { partition, memory } = world
  partition.putProduct(product('P001'))
  partition.putProduct(product('P002'))
  const receipt = { delta: 1_000, reason: 'receipt', request: undefined }
  partition.adjust({ adjustmentId: 'adj_1', productId: 'P001', ...receipt })
  for (let number = 1; number <= ORDERS; number += 1) {
    memory.advance(1)
    partition.apply([command('reserve', { P001: 1 }, orderId(number))])
    if (number % 3 === 1) partition.apply([command('commit', { P001: 1 }, orderId(number))])
    if (number % 3 === 2) partition.apply([command('release', { P001: 1 }, orderId(number))])
  }
  partition.acknowledge(['P001/StockReplenished/1', ...CHANGES])
  await memory.ringUntil(memory.now() + 10_000, world.alarm)
  memory.takePublished()
})

const refill = async () => {
  world.filling.restart()
  await world.memory.ringUntil(world.memory.now() + 20_000, world.alarm)
}

describe('a ledger that was lost', () => {
  it('is filled again with every movement and every product', async () => {
    const before = [await world.movements(), await world.products()]
    expect(before.map((items) => items.length)).toEqual([1 + ORDERS + 87, 2])
    world.wipe()
    await refill()
    expect([await world.movements(), await world.products()]).toEqual(before)
    expect(world.memory.logged).toContain('the list of movements is filled')
  })

  it('has what orders did meanwhile, also where a portion could not be written', async () => {
    const { partition, memory, filling, alarm } = world
    const before = await world.movements()
    world.wipe()
    filling.restart()
    world.failOnce(2)
    await memory.ring(alarm)
    partition.apply([command('commit', { P001: 1 }, orderId(3))])
    partition.apply([command('reserve', { P001: 1 }, orderId(ORDERS + 1))])
    await memory.ringUntil(memory.now() + 20_000, alarm)
    const after = await world.movements()
    expect(after.slice(2)).toEqual(before)
    expect(
      after
        .slice(0, 2)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['commit', 'reservation'])
    const sums = Object.groupBy(after, ({ kind }) => kind)
    expect(partition.product('P001')).toMatchObject({
      onHand: 1_000 - (sums.commit?.length ?? 0),
      reserved: (sums.reservation?.length ?? 0) - (sums.commit?.length ?? 0) - (sums.release?.length ?? 0),
    })
  })

  it('stays as it is where nothing was lost', async () => {
    const before = await world.movements()
    await refill()
    expect(await world.movements()).toEqual(before)
  })
})

it('the copy that prices orders gets every product once more, until it is acknowledged', async () => {
  world.filling.restart()
  await world.memory.ring(world.alarm)
  const published = world.memory.takePublished().map(({ to, event }) => `${to} ${event.id}`)
  expect(published).toEqual(CHANGES.map((id) => `order ${id}`))
  world.partition.acknowledge(CHANGES)
  await world.memory.ringUntil(world.memory.now() + 60_000, world.alarm)
  expect(world.memory.sql('SELECT fact_id FROM facts')).toEqual([])
})

it('a request that is repeated under its key begins nothing again', async () => {
  const request = { requestKey: 'k', fingerprint: 'f' }
  const { filling, memory, alarm } = world
  expect(filling.restart(request)).toEqual({ ok: true, value: { isReplay: false } })
  await memory.ringUntil(memory.now() + 20_000, alarm)
  expect(filling.restart(request)).toEqual({ ok: true, value: { isReplay: true } })
  expect(memory.sql('SELECT * FROM filling')).toEqual([])
  expect(filling.restart({ ...request, fingerprint: 'other' }).ok).toBe(false)
})
