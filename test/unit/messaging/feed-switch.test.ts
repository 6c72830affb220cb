import { describe, expect, it } from 'vitest'
import { createFeedSwitch, FEED_TABLE } from '../../../src/messaging/feed-switch.ts'
import type { Sql } from '../../../src/messaging/sql.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

const WAIT_MS = 60_000

/** A partition with rows that have nothing but a position. */
const createRows = () => {
  const { host, sql } = createMemoryHost()
  sql(FEED_TABLE)
  sql('CREATE TABLE rows (position INTEGER)')
  const open = () =>
    createFeedSwitch({
      host,
      lastPosition: (from: Sql) =>
        from<{ last: number | null }>('SELECT max(position) AS last FROM rows')[0]?.last ?? 0,
      storeEpoch: (to: Sql, epoch) => to('INSERT INTO feed (one, epoch) VALUES (1, ?)', epoch),
    })
  const feed = open()
  return {
    ...{ feed, open, turn: host.turn },
    switchOn: (newEpoch: string) => host.turn(() => feed.switchOn(newEpoch)),
    /** Changes a row. Returns the position that it took. */
    change: () =>
      host.turn(() => {
        const position = feed.nextPosition()
        if (position !== undefined) sql('INSERT INTO rows (position) VALUES (?)', position)
        return position
      }),
  }
}

const caughtUp = (epoch: string, read: number) => ({ part: 'new', epoch, read }) as const

describe('the switch of a feed', () => {
  it('keeps the epoch of the first reader until it is switched off, over a restart too', () => {
    const { feed, open, switchOn } = createRows()
    expect([switchOn('e1'), switchOn('e2')]).toEqual(['e1', 'e1'])
    expect(open().isKnown(caughtUp('e1', 0))).toBe(true)
    expect([feed.switchOff(), feed.switchOff()]).toEqual([true, false])
    expect(open().isKnown(caughtUp('e1', 0))).toBe(false)
    expect(switchOn('e2')).toBe('e2')
  })

  it('gives positions while it is on, and none of a turn that is undone', () => {
    const { change, switchOn, turn } = createRows()
    expect(change()).toBeUndefined()
    switchOn('e1')
    const undone = () =>
      turn(() => {
        change()
        throw new Error('undone')
      })
    expect(undone).toThrow('undone')
    expect([change(), change()]).toEqual([1, 2])
  })

  it('stays off where the turn that switched it on is undone', () => {
    const { feed, change, switchOn, turn } = createRows()
    const undone = () =>
      turn(() => {
        switchOn('e1')
        throw new Error('undone')
      })
    expect(undone).toThrow('undone')
    expect(feed.isKnown(caughtUp('e1', 0))).toBe(false)
    expect(change()).toBeUndefined()
  })

  it('knows no place ahead of its last position', () => {
    const { feed, change, switchOn } = createRows()
    switchOn('e1')
    change()
    const places = [0, 1, 2].flatMap((position) => [
      { part: 'stored', epoch: 'e1', began: position } as const,
      caughtUp('e1', position),
    ])
    expect(places.map(feed.isKnown)).toEqual([true, true, true, true, false, false])
  })

  it('ends each wait when a row changes, and when it is switched off', async () => {
    const { feed, change, switchOn } = createRows()
    switchOn('e1')
    const changed = feed.untilNew(caughtUp('e1', 0), WAIT_MS)
    change()
    await changed
    const switchedOff = feed.untilNew(caughtUp('e1', 1), WAIT_MS)
    feed.switchOff()
    await switchedOff
  })

  it('lets no reader wait that has not caught up, or whose place is unknown', async () => {
    const { feed, change, switchOn } = createRows()
    switchOn('e1')
    change()
    await feed.untilNew(caughtUp('e1', 0), WAIT_MS)
    await feed.untilNew(caughtUp('another', 1), WAIT_MS)
    await feed.untilNew({ part: 'stored', epoch: 'e1', began: 1 }, WAIT_MS)
  })

  it('ends the wait that began first where too many wait', async () => {
    const { feed, change, switchOn } = createRows()
    switchOn('e1')
    const waits = Array.from({ length: 65 }, () => feed.untilNew(caughtUp('e1', 0), WAIT_MS))
    await waits[0]
    change()
    await Promise.all(waits)
  })
})
