import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../../src/contracts/audit-entry.ts'
import { decodeCursor, type Page } from '../../../src/contracts/paging.ts'
import { timeDigits } from '../../../src/kernel/ids.ts'
import { SECOND_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { type AuditFilter, findEntries } from '../../../workers/operations/audit-log/audit-list.ts'
import { insertEntry } from '../../../workers/operations/audit-log/audit-table.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const atSecond = (second: number) => NOW + second * SECOND_MS

const entry = (second: number, changes: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ id: `${timeDigits(atSecond(second))}${second}`, at: toTimestamp(atSecond(second)) },
  ...{ client: 'support', keyId: 'k1', kind: 'order', action: 'cancelled', subject: 'ord_0_1' },
  outcome: 'done',
  ...changes,
})

const logOf = async (entries: readonly AuditEntry[]) => {
  const { database } = createInMemoryD1('operations')
  await database.batch(entries.map((each) => insertEntry(database, each)))
  const find = (filter: AuditFilter = {}, page: Partial<Page> = {}) =>
    findEntries(database, filter, { list: 'x', limit: 100, ...page })
  return { database, find }
}

const ENTRIES = [
  entry(0),
  entry(1, { kind: 'key', action: 'created', subject: 'k2', client: 'admin', keyId: 'k9' }),
  entry(2, { kind: 'key', action: 'revoked', subject: 'k2', person: 'ada@shop.example' }),
  entry(3, { subject: 'ord_0_2', client: 'admin', keyId: 'k9' }),
]

describe('the filters of the audit log', () => {
  it.each<[AuditFilter, number[]]>([
    [{}, [3, 2, 1, 0]],
    [{ kind: 'key' }, [2, 1]],
    [{ kind: 'key', action: 'created' }, [1]],
    [{ client: 'admin' }, [3, 1]],
    [{ keyId: 'k1' }, [2, 0]],
    [{ person: 'ada@shop.example' }, [2]],
    [{ person: 'eve@shop.example' }, []],
    [{ subject: 'k2', client: 'support' }, [2]],
    [{ since: toTimestamp(atSecond(1)), until: toTimestamp(atSecond(3)) }, [2, 1]],
    [{ action: 'cancelled', since: toTimestamp(atSecond(1)) }, [3]],
  ])('%o', async (filter, seconds) => {
    const { find } = await logOf(ENTRIES)
    const { items, nextCursor } = await find(filter)
    expect(items.map(({ at }) => at)).toEqual(seconds.map((second) => toTimestamp(atSecond(second))))
    expect(nextCursor).toBeUndefined()
  })

  it('lead from page to page without a gap', async () => {
    const { find } = await logOf(ENTRIES)
    const seen: string[] = []
    let after: Page['after']
    do {
      const { items, nextCursor } = await find({ kind: 'order', action: 'cancelled' }, { limit: 1, after })
      seen.push(...items.map(({ subject }) => subject))
      after = nextCursor === undefined ? undefined : decodeCursor(nextCursor)?.position
    } while (after !== undefined)
    expect(seen).toEqual(['ord_0_2', 'ord_0_1'])
  })
})

describe('an entry of the audit log', () => {
  it('shows who did what, why, and what it was before and after', async () => {
    const before = { onHand: 3 }
    const { find } = await logOf([entry(0, { reason: 'a count', before, after: { onHand: 5 } })])
    expect((await find()).items).toEqual([
      {
        ...{ id: entry(0).id, at: toTimestamp(NOW), kind: 'order', action: 'cancelled', subject: 'ord_0_1' },
        ...{ actor: { client: 'support', keyId: 'k1' }, reason: 'a count', outcome: 'done' },
        ...{ before, after: { onHand: 5 } },
      },
    ])
  })

  it('is stored once, and only an unknown outcome is written over', async () => {
    const { find, database } = await logOf([entry(0, { outcome: 'unknown', subject: 'new' })])
    const keep = (later: AuditEntry) => database.batch([insertEntry(database, later)])
    await keep(entry(0, { subject: 'k3', after: { client: 'web' } }))
    await keep(entry(0, { outcome: 'unknown', subject: 'another' }))
    expect((await find()).items).toMatchObject([{ subject: 'k3', outcome: 'done', after: { client: 'web' } }])
  })

  it('of an older version is about a dead letter, and was done', async () => {
    const { database, sql, migrateOn } = createInMemoryD1('operations', { upTo: '0008' })
    sql(
      "INSERT INTO audit VALUES ('01a', '2026-11-27T00:00:00.000Z', 'support', 'discarded', 'dl_1', 'a test')",
    )
    migrateOn()
    expect((await findEntries(database, {}, { list: 'x', limit: 1 })).items).toEqual([
      {
        ...{ id: '01a', at: '2026-11-27T00:00:00.000Z', kind: 'dead_letter', action: 'discarded' },
        ...{ subject: 'dl_1', actor: { client: 'support' }, reason: 'a test', outcome: 'done' },
      },
    ])
  })
})
