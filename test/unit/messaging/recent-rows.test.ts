import { describe, expect, it } from 'vitest'
import { timeDigits } from '../../../src/kernel/ids.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { newOrderId } from '../../../src/kernel/partitions.ts'
import { COUNTS_COLUMN, createCounters } from '../../../src/messaging/counters.ts'
import { createRecentRows, WATERMARKS_TABLE } from '../../../src/messaging/recent-rows.ts'
import { NOW } from '../../support/builders.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

const idAt = (madeAt: number, nth = 0, label = '0') =>
  newOrderId(label, timeDigits(madeAt) + String(nth).padStart(16, '0'))

const createTable = () => {
  const memory = createMemoryHost()
  const { sql, host } = memory
  sql('CREATE TABLE orders (order_id TEXT PRIMARY KEY, due_at INTEGER) WITHOUT ROWID')
  sql(WATERMARKS_TABLE)
  sql(COUNTS_COLUMN)
  let counters = createCounters(host)
  let recent = createRecentRows(host, 'orders', counters)
  return {
    memory,
    /** Inserts a row as a partition does: without a due time where the row is covered. */
    insert: (...orderIds: string[]): boolean[] =>
      host.turn(() =>
        orderIds.map((orderId) => {
          const isCovered = recent.covers(orderId)
          sql('INSERT INTO orders VALUES (?, ?)', orderId, isCovered ? null : host.now())
          return isCovered
        }),
      ),
    covers: (orderId: string) => host.turn(() => recent.covers(orderId)),
    beginLook: () => recent.beginLook(memory.now()),
    endLook: () => host.turn(() => recent.endLook()),
    nextLookAt: () => recent.nextLookAt(),
    restart: () => {
      counters = createCounters(host)
      recent = createRecentRows(host, 'orders', counters)
    },
  }
}

describe('a row whose id was made just now', () => {
  it('needs no due time: the alarm is set for the whole second at which it is looked at', () => {
    const table = createTable()
    expect(table.insert(idAt(NOW + 1))).toEqual([true])
    expect(table.memory.wakeAt()).toBe(NOW + 3 * SECOND_MS)
    expect(table.nextLookAt()).toBe(NOW + 3 * SECOND_MS)
  })

  it('is looked at once, two seconds after its id was made at the earliest', () => {
    const table = createTable()
    const [early, late] = [idAt(NOW), idAt(NOW + 1)]
    table.insert(early, late)
    table.memory.advance(2 * SECOND_MS - 1)
    expect(table.beginLook()).toEqual([])
    table.memory.advance(1)
    expect(table.beginLook()).toEqual([early])
    table.endLook()
    table.memory.advance(SECOND_MS)
    expect(table.beginLook()).toEqual([late])
    table.endLook()
    expect([table.beginLook(), table.nextLookAt()]).toEqual([[], undefined])
  })

  it('is looked at again where the look did not end, also after a restart', () => {
    const table = createTable()
    table.insert(idAt(NOW))
    table.memory.advance(3 * SECOND_MS)
    expect(table.beginLook()).toEqual([idAt(NOW)])
    table.restart()
    expect(table.nextLookAt()).toBe(NOW + 2 * SECOND_MS)
    expect(table.beginLook()).toEqual([idAt(NOW)])
  })

  it('is looked at though the first turn of its label brought several, in any order', () => {
    const table = createTable()
    expect(table.insert(idAt(NOW - 5), idAt(NOW - 3), idAt(NOW - 8))).toEqual([true, true, false])
    table.memory.advance(3 * SECOND_MS)
    expect(table.beginLook()).toEqual([idAt(NOW - 5), idAt(NOW - 3)])
  })

  it('is looked at with those of other labels', () => {
    const table = createTable()
    table.insert(idAt(NOW, 0, '1'), idAt(NOW, 0, 'z'))
    table.memory.advance(3 * SECOND_MS)
    expect(table.beginLook().toSorted()).toEqual([idAt(NOW, 0, '1'), idAt(NOW, 0, 'z')])
    table.endLook()
    expect(table.beginLook()).toEqual([])
  })

  it('is not forgotten where the clock is set back: the alarm is set for its time', () => {
    const table = createTable()
    table.insert(idAt(NOW))
    table.memory.advance(-60 * 60 * SECOND_MS)
    expect(table.beginLook()).toEqual([])
    expect(table.nextLookAt()).toBe(NOW + 2 * SECOND_MS)
  })

  it('is one of at most five hundred: the rest is looked at next, at once', () => {
    const table = createTable()
    table.insert(...Array.from({ length: 501 }, (_, nth) => idAt(NOW, nth)))
    table.memory.advance(2 * SECOND_MS)
    expect(table.beginLook()).toHaveLength(500)
    table.endLook()
    expect(table.nextLookAt()).toBe(NOW + 2 * SECOND_MS)
    expect(table.beginLook()).toEqual([idAt(NOW, 500)])
  })
})

describe('a row that no look finds needs a due time:', () => {
  it('an external id, and one of an older version', () => {
    const table = createTable()
    table.insert(idAt(NOW))
    expect(['12345', `ord_0_${'z'.repeat(26)}`, `ord_0_${'0'.repeat(26)}`].map(table.covers)).toEqual([
      false,
      false,
      false,
    ])
  })

  it('an id of a clock that is more than a second ahead', () => {
    const table = createTable()
    expect(table.covers(idAt(NOW + SECOND_MS))).toBe(true)
    expect(table.covers(idAt(NOW + SECOND_MS + 1))).toBe(false)
  })

  it('a late one, whose time was looked at already', () => {
    const table = createTable()
    table.insert(idAt(NOW))
    table.memory.advance(4 * SECOND_MS)
    table.beginLook()
    table.endLook()
    expect(table.insert(idAt(NOW + SECOND_MS), idAt(NOW + 3 * SECOND_MS))).toEqual([false, true])
  })

  it('one that comes while its time is being looked at', () => {
    const table = createTable()
    table.insert(idAt(NOW))
    table.memory.advance(2 * SECOND_MS)
    table.beginLook()
    expect(table.covers(idAt(NOW, 1))).toBe(false)
    expect(table.covers(idAt(NOW + 1))).toBe(true)
  })

  it('one of a label that was never seen, where it is older than a minute', () => {
    const table = createTable()
    expect(table.covers(idAt(NOW - 60 * SECOND_MS - 1))).toBe(false)
    expect(table.covers(idAt(NOW - 60 * SECOND_MS))).toBe(true)
  })

  it('one whose turn is undone leaves nothing behind', () => {
    const table = createTable()
    const undone = () =>
      table.memory.host.turn(() => {
        table.covers(idAt(NOW))
        throw new Error('disk full')
      })
    expect(undone).toThrow('disk full')
    expect(table.memory.sql('SELECT * FROM watermarks')).toEqual([])
    expect(table.covers(idAt(NOW - 1))).toBe(true)
  })
})
