import { describe, expect, it } from 'vitest'
import { COUNTS_COLUMN, createCounters } from '../../../src/messaging/counters.ts'
import { createRecentRows, WATERMARKS_TABLE } from '../../../src/messaging/recent-rows.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

const createCounted = () => {
  const memory = createMemoryHost()
  memory.sql('CREATE TABLE orders (order_id TEXT PRIMARY KEY, due_at INTEGER) WITHOUT ROWID')
  memory.sql(WATERMARKS_TABLE)
  memory.sql(COUNTS_COLUMN)
  let counters = createCounters(memory.host)
  const placed = () => counters.samples(['edge_orders_orders_placed_total'])
  return {
    memory,
    counters: () => counters,
    placed: () => placed().map((sample) => ('value' in sample ? sample.value : Number.NaN))[0],
    look: () => memory.host.turn(() => createRecentRows(memory.host, 'orders', counters).endLook()),
    restart: () => {
      counters = createCounters(memory.host)
    },
    rows: () => memory.sql('SELECT * FROM watermarks'),
  }
}

describe('a count', () => {
  it('is shown once it is stored, and survives a restart', () => {
    const { counters, look, placed, restart } = createCounted()
    counters().add('edge_orders_orders_placed_total', {}, 3)
    expect(placed()).toBe(0)
    look()
    expect(placed()).toBe(3)
    restart()
    expect(placed()).toBe(3)
  })

  it('never falls: what a crash takes back was not shown', () => {
    const { counters, look, placed, restart } = createCounted()
    counters().add('edge_orders_orders_placed_total')
    look()
    counters().add('edge_orders_orders_placed_total')
    expect(placed()).toBe(1)
    restart()
    expect(placed()).toBe(1)
    counters().add('edge_orders_orders_placed_total')
    look()
    expect(placed()).toBe(2)
  })

  it('is not counted where its turn is undone', () => {
    const { memory, counters, look, placed } = createCounted()
    const undone = () =>
      memory.host.turn(() => {
        counters().addAfterTurn('edge_orders_orders_placed_total')
        throw new Error('undone')
      })
    expect(undone).toThrow('undone')
    look()
    expect(placed()).toBe(0)
  })

  it('is still to be stored where the turn that stores it is undone', () => {
    const { memory, counters, look, placed } = createCounted()
    counters().add('edge_orders_orders_placed_total')
    const undone = () =>
      memory.host.turn(() => {
        counters().toStore()
        throw new Error('undone')
      })
    expect(undone).toThrow('undone')
    expect(placed()).toBe(0)
    look()
    expect(placed()).toBe(1)
  })

  it('of a duplicate wakes nothing, and is stored by the next wake-up', () => {
    const { memory, counters, look } = createCounted()
    memory.host.turn(() => counters().addDuplicates(3))
    expect(memory.wakeAt()).toBeUndefined()
    look()
    expect(counters().samples(['edge_orders_duplicates_suppressed_total'])).toMatchObject([{ value: 3 }])
  })
})

it('where nothing was counted, nothing is written', () => {
  const { counters, look, rows } = createCounted()
  look()
  expect(rows()).toEqual([])
  counters().add('edge_orders_orders_placed_total')
  look()
  const stored = rows()
  look()
  expect(stored).toHaveLength(1)
  expect(rows()).toEqual(stored)
})

it('a value lies in the first bucket whose bound it does not exceed, or above all of them', () => {
  const { counters, look } = createCounted()
  for (const seconds of [0.1, 0.11, 5_000]) {
    counters().observe('edge_orders_order_settle_seconds', { outcome: 'confirmed' }, seconds)
  }
  look()
  const [confirmed] = counters().samples(['edge_orders_order_settle_seconds'])
  expect(confirmed).toEqual({
    name: 'edge_orders_order_settle_seconds',
    labels: { outcome: 'confirmed' },
    sum: 5_000.21,
    buckets: [1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
  })
})
