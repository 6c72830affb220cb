import { describe, expect, it } from 'vitest'
import type { DeadLetter } from '../../../src/contracts/dead-letter.ts'
import { decodeCursor, type Page } from '../../../src/contracts/paging.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { findLetters, type LetterFilter } from '../../../workers/operations/dead-letters/letter-list.ts'
import { keepLetters } from '../../../workers/operations/dead-letters/letter-storage.ts'
import { closeLetter, selectLetters } from '../../../workers/operations/dead-letters/letter-table.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const letter = (
  id: string,
  changes: Partial<DeadLetter> = {},
  type: unknown = 'OrderPlaced',
): DeadLetter => ({
  ...{ consumer: 'payment', reason: 'hop_limit', error: 'It went round.', attempts: 1 },
  firstSeenAt: toTimestamp(NOW),
  event: { specversion: '1.0', id, source: '/web', type },
  ...changes,
})

const kept = async (letters: readonly DeadLetter[]) => {
  const { database } = createInMemoryD1('operations')
  await keepLetters(database, letters, toTimestamp(NOW))
  const find = (filter: LetterFilter, page: Partial<Page> = {}) =>
    findLetters(database, filter, { list: 'x', limit: 100, ...page })
  const eventIds = async (filter: LetterFilter) =>
    (await find(filter)).items.map(({ event }) => (event as { id?: string }).id).toSorted()
  const close = async (status: 'redriven' | 'discarded', second: number, why?: string) => {
    const ids = (await find({})).items.map(({ id }) => id)
    const at = toTimestamp(NOW + second * 1_000)
    for (const each of await selectLetters(database, { ids, limit: 100 }))
      await database.batch(closeLetter(database, each, status, { client: 'support', at, auditId: at, why }))
  }
  return { find, eventIds, close }
}

/** One nesting level more than SQLite reads. */
const tooDeep = (): unknown => Array.from({ length: 1_001 }).reduce<unknown>((inner) => [inner], 'poison')

describe('the filters of the dead letters', () => {
  const letters = [
    letter('a'),
    letter('b', { reason: 'bank_refused' }, 'OrderCancelled'),
    letter('c', { reason: 'bank_refused' }),
    letter('d', { consumer: 'order' }, 'OrderCancelled'),
    letter('e', { event: 'no JSON' }),
    letter('f', { event: tooDeep() }),
  ]

  it.each<[LetterFilter, string[]]>([
    [{ reason: 'bank_refused' }, ['b', 'c']],
    [{ type: 'OrderCancelled' }, ['b', 'd']],
    [{ type: 'OrderCancelled', reason: 'bank_refused' }, ['b']],
    [{ type: 'OrderPlaced', status: 'open', consumer: 'payment' }, ['a', 'c']],
    [{ reason: 'hop_limit', consumer: 'order' }, ['d']],
    [{ reason: 'bank_refused', status: 'discarded' }, []],
    [{ type: 'no JSON' }, []],
  ])('%o', async (filter, ids) => {
    expect(await (await kept(letters)).eventIds(filter)).toEqual(ids)
  })

  it('meet from page to page without a gap', async () => {
    const { find } = await kept(letters)
    const filter = { reason: 'hop_limit', status: 'open' } as const
    const ids: string[] = []
    for (let page: Partial<Page> | undefined = { limit: 1 }; page !== undefined; ) {
      const { items, nextCursor } = await find(filter, page)
      ids.push(...items.map(({ id }) => id))
      page = nextCursor === undefined ? undefined : { limit: 1, after: decodeCursor(nextCursor)?.position }
    }
    expect(ids).toEqual((await find(filter)).items.map(({ id }) => id))
    expect(ids).toHaveLength(4)
  })

  it('walk at most 1 000 letters for a page, and go on behind them', async () => {
    const { find } = await kept(Array.from({ length: 1_001 }, (_, number) => letter(`e${number}`)))
    const filter = { type: 'OrderPlaced', status: 'discarded' } as const
    const first = await find(filter)
    expect([first.items, first.nextCursor]).toEqual([[], expect.any(String)])
    const after = decodeCursor(first.nextCursor ?? '')?.position
    expect(await find(filter, { after })).toEqual({ items: [] })
  })
})

describe('a closed letter', () => {
  it('shows who discarded it, when and why', async () => {
    const { find, close } = await kept([letter('a')])
    await close('discarded', 1, 'a test of the web shop')
    const closedBy = { client: 'support', at: toTimestamp(NOW + 1_000), reason: 'a test of the web shop' }
    expect((await find({})).items).toMatchObject([{ status: 'discarded', closedBy }])
    expect((await find({ reason: 'hop_limit', status: 'discarded' })).items).toMatchObject([{ closedBy }])
  })

  it('shows the last of several closings, which has no reason where it was redriven', async () => {
    const { find, close } = await kept([letter('a')])
    await close('redriven', 1)
    await close('redriven', 2)
    const [shown] = (await find({})).items
    expect(shown?.closedBy).toEqual({ client: 'support', at: toTimestamp(NOW + 2_000) })
  })

  it('is the only one that names a client who closed it', async () => {
    const { find } = await kept([letter('a')])
    expect((await find({})).items[0]).not.toHaveProperty('closedBy')
  })
})
