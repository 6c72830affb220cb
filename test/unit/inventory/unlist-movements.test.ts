import { describe, expect, it } from 'vitest'
import { DAY_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import { findMovements, unlistMovements, writeLedger } from '../../../workers/inventory/ledger.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'
import { command, createStockWorld, type StockWorld } from '../../support/stock-world.ts'

/** More keys than one bound value of D1 takes. */
const MANY = 12_000

const QUICK = 'ord_0_01m844dzg00000000000000001'
const SLOW = 'ord_0_01m844dzg00000000000000002'
const KEPT = 'ord_0_01m844dzg00000000000000003'

const LINES = { P001: 2 }

/** The ledger of a partition: a receipt, and three orders that were committed. */
const ledgerOf = async (world: StockWorld) => {
  const { database, sql } = createInMemoryD1('inventory')
  const acknowledgeFacts = () => {
    const facts = world.memory.sql<{ fact_id: string }>('SELECT fact_id FROM facts')
    world.partition().acknowledge(facts.map(({ fact_id }) => fact_id))
  }
  world.stock({ P001: 10 })
  for (const orderId of [QUICK, SLOW, KEPT]) world.apply(command('reserve', LINES, orderId))
  world.memory.advance(1)
  world.apply(command('commit', LINES, QUICK), command('commit', LINES, KEPT))
  acknowledgeFacts()
  // Reserved so long that the ledger has the reservation in a row of its own.
  await world.memory.ringUntil(NOW + 10 * SECOND_MS, world.wake)
  world.apply(command('commit', LINES, SLOW))
  acknowledgeFacts()
  await world.memory.ringUntilRest(world.wake)
  await writeLedger(
    database,
    world.listed.flatMap(({ rows }) => rows),
  )
  const shown = async (): Promise<string[]> => {
    const { items } = await findMovements(database, 'P001', { list: 'x', limit: 1_000 })
    return items.map(({ kind, orderId = '' }) => `${kind} ${orderId}`.trim()).toSorted()
  }
  /** As the partition does once orders have left: the keys of their movements. */
  const departedKeys = async (...orderIds: string[]) => {
    world.memory.advance(8 * DAY_MS)
    world.partition().letGo({ eventId: 'archived-1', orderIds, before: NOW + 7 * DAY_MS })
    await world.memory.ringUntilRest(world.wake)
    return world.unlisted
  }
  return { database, sql, shown, departedKeys }
}

const KEPT_MOVEMENTS = [`commit ${KEPT}`, 'receipt', `reservation ${KEPT}`]

describe('unlistMovements', () => {
  it('takes off all that the ledger shows of orders that have left, however it was written, and nothing else', async () => {
    const { database, sql, shown, departedKeys } = await ledgerOf(createStockWorld())
    expect(await shown()).toHaveLength(7)
    // One row for both movements of the quick order, and two for those of the slow one.
    const rowsOf = (orderId: string) => sql('SELECT * FROM movements WHERE order_id = ?', orderId)
    expect([rowsOf(QUICK), rowsOf(SLOW)].map(({ length }) => length)).toEqual([1, 2])
    await unlistMovements(database, await departedKeys(QUICK, SLOW))
    expect(await shown()).toEqual(KEPT_MOVEMENTS)
  })

  it('changes nothing when it is done again', async () => {
    const { database, shown, departedKeys } = await ledgerOf(createStockWorld())
    const keys = await departedKeys(QUICK, SLOW)
    await unlistMovements(database, keys)
    await unlistMovements(database, keys)
    expect(await shown()).toEqual(KEPT_MOVEMENTS)
  })

  it('leaves the movement of another product or another time', async () => {
    const { database, shown, departedKeys } = await ledgerOf(createStockWorld())
    const before = await shown()
    const keys = await departedKeys(QUICK)
    await unlistMovements(
      database,
      keys.flatMap(([productId, at, movementId]) => [
        ['P002', at, movementId] as const,
        [productId, at + 1, movementId] as const,
      ]),
    )
    expect(await shown()).toEqual(before)
  })

  it('takes more movements than fit into one bound value', async () => {
    const { database, sql } = createInMemoryD1('inventory')
    const orderIds = Array.from({ length: MANY }, (_, number) => `ord_0_${String(number).padStart(26, '0')}`)
    const rows = orderIds.map((orderId, number) => ({
      ...({ movementId: `${orderId}/commit`, productId: 'P001', kind: 'commit', quantity: 1 } as const),
      ...{ at: NOW + number, orderId },
    }))
    await writeLedger(database, rows)
    await unlistMovements(
      database,
      rows.slice(1).map(({ productId, at, movementId }) => [productId, at, movementId]),
    )
    expect(sql('SELECT order_id FROM movements')).toEqual([{ order_id: orderIds[0] }])
  })
})
