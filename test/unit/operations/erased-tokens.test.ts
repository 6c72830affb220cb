import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../src/contracts/parse-event.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { shownEvent } from '../../../src/operations/dead-letters.ts'
import { hasErasedToken, withoutTokens } from '../../../src/operations/erased-tokens.ts'
import { eraseClosed } from '../../../workers/operations/dead-letters/erase-closed.ts'
import { selectGroup } from '../../../workers/operations/dead-letters/letter-selection.ts'
import { keepLetters } from '../../../workers/operations/dead-letters/letter-storage.ts'
import { closeLetter, selectLetters } from '../../../workers/operations/dead-letters/letter-table.ts'
import { NOW, orderPlacedEvent } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

type Status = Parameters<typeof closeLetter>[2]

const placed = (token: string, changes: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  ...{ id: 'o1/OrderPlaced', source: '/web', type: 'OrderPlaced', subject: 'o1', schemaversion: 99 },
  data: { orderId: 'o1', payment: { token }, more: [{ token: `${token}_too` }] },
  ...changes,
})

/** The letters of one event, and all that the database has. */
const openLetters = (memory = createInMemoryD1('operations')) => {
  const { database, sql } = memory
  let now = NOW
  const tick = () => {
    now += 1_000
    return toTimestamp(now)
  }
  const rows = () =>
    sql<{ event: string; first_event: string | null; content: string; status: string }>(
      'SELECT * FROM dead_letters ORDER BY id',
    )
  const select = async () => {
    const ids = sql<{ id: string }>('SELECT id FROM dead_letters').map(({ id }) => id)
    const [letter] = await selectLetters(database, { ids, limit: 1 })
    if (letter === undefined) throw new Error('there is no letter')
    return letter
  }
  const close = async (status: Status, read?: Awaited<ReturnType<typeof select>>) => {
    const letter = read ?? (await select())
    const at = tick()
    await database.batch(closeLetter(database, letter, status, { client: 'admin', at, auditId: at }))
  }
  const keep = async (event: unknown) => {
    const at = tick()
    const letter = { consumer: 'payment', reason: 'newer_version', error: 'It is.', attempts: 1 } as const
    await keepLetters(database, [{ ...letter, firstSeenAt: at, event }], at)
  }
  const stored = () => JSON.stringify(rows())
  const onlyRow = () => {
    const [row, ...others] = rows()
    if (row === undefined || others.length > 0) throw new Error(`${others.length} other letters`)
    return row
  }
  return { ...memory, rows, onlyRow, select, close, keep, stored }
}

describe('an event whose tokens are erased', () => {
  it('says all else that it said, and is no event that a consumer takes', () => {
    const event = orderPlacedEvent()
    const erased = withoutTokens(JSON.stringify(placed('pm_card_visa')))
    expect(erased).not.toContain('pm_card_visa')
    expect(shownEvent(erased)).toEqual(shownEvent(JSON.stringify(placed('pm_card_visa'))))
    expect(parseEvent(event, 'USD').ok).toBe(true)
    expect(parseEvent(JSON.parse(withoutTokens(JSON.stringify(event))), 'USD').ok).toBe(false)
    expect([hasErasedToken(JSON.stringify(event)), hasErasedToken(erased)]).toEqual([false, true])
  })

  it.each(['"text"', 'null', '7', '[]', '{"id":"e1"}', '{"token":null}'])(
    'is as it was where it has none: %s',
    (json) => {
      expect(withoutTokens(json)).toBe(json)
      expect(hasErasedToken(json)).toBe(false)
    },
  )

  it.each([
    '{"token":"pm_one","id":"e1"}',
    '{"token" : "pm_\\"one","id":"e1"}',
    '{"token": pm_one,"id":"e1"}',
    '[{"id":"e1"},{"token":"pm_one',
    '[{"id":"e1"},{"token":"pm_one\\',
  ])('has none in the text of a message that is no JSON: %s', (text) => {
    const erased = withoutTokens(JSON.stringify(text))
    expect(erased).not.toMatch(/pm_|one/)
    expect(JSON.parse(erased)).toContain('"id":"e1"')
    expect(withoutTokens(erased)).toBe(erased)
  })

  it('is not taken for one by a text that looks like it', () => {
    const text = JSON.stringify({ note: withoutTokens('{"token":"pm_card_visa"}') })
    expect(hasErasedToken(text)).toBe(false)
  })
})

describe.each(['redriven', 'discarded'] as const)('a letter that was %s', (status) => {
  it('keeps no token of its first and newest variant, and still tells variants apart', async () => {
    const letters = openLetters()
    await letters.keep(placed('pm_one'))
    await letters.keep(placed('pm_two'))
    const { content } = letters.onlyRow()
    await letters.close(status)
    expect(letters.stored()).not.toContain('pm_')
    expect(letters.onlyRow()).toMatchObject({ status, content, first_event: expect.any(String) })
    await letters.keep(placed('pm_three'))
    expect(letters.onlyRow()).toMatchObject({ status: 'open', event: expect.stringContaining('pm_three') })
  })

  it('has a digest of what older code kept without one', async () => {
    const memory = createInMemoryD1('operations')
    const letters = openLetters(memory)
    await letters.keep(placed('pm_one'))
    const { content } = letters.onlyRow()
    memory.sql('UPDATE dead_letters SET content = NULL, source = NULL')
    await letters.close(status)
    expect(letters.onlyRow()).toMatchObject({ content, source: '/web' })
    await letters.keep(placed('pm_one'))
    expect(letters.onlyRow()).toMatchObject({ first_event: null, times: 2 })
  })
})

describe('a redriven letter', () => {
  it('has the token of the event that failed again, and loses it again', async () => {
    const letters = openLetters()
    await letters.keep(placed('pm_one'))
    await letters.close('redriven')
    await letters.keep(placed('pm_one', { redriveid: 'rd_1' }))
    expect(letters.onlyRow().status).toBe('open')
    expect(hasErasedToken((await letters.select()).event)).toBe(false)
    expect(letters.stored()).toContain('pm_one')
    await letters.close('redriven')
    expect(letters.stored()).not.toContain('pm_')
  })

  it('keeps the token of what came again while it was redriven', async () => {
    const letters = openLetters()
    await letters.keep(placed('pm_one'))
    const read = await letters.select()
    await letters.keep(placed('pm_one', { redriveid: 'rd_1' }))
    await letters.close('redriven', read)
    expect(letters.onlyRow()).toMatchObject({ status: 'open', event: expect.stringContaining('pm_one') })
  })

  it('that is opened by its first variant cannot be redriven before its newest comes, and holds up no others', async () => {
    const letters = openLetters()
    await letters.keep(placed('pm_one'))
    await letters.keep(placed('pm_two'))
    await letters.close('redriven')
    await letters.keep(placed('pm_one'))
    expect(letters.onlyRow().status).toBe('open')
    expect(hasErasedToken((await letters.select()).event)).toBe(true)
    expect((await selectGroup(letters.database, {}, 100)).letters).toEqual([])
    await letters.keep(placed('pm_two'))
    expect((await selectGroup(letters.database, {}, 100)).letters).toHaveLength(1)
  })
})

describe('a discarded letter', () => {
  it('gets no token back when its event comes again, whichever variant it is', async () => {
    const letters = openLetters()
    await letters.keep(placed('pm_one'))
    await letters.keep(placed('pm_two'))
    await letters.close('discarded')
    await letters.keep(placed('pm_two', { time: '2026-11-24T12:00:00.000Z' }))
    await letters.keep(placed('pm_one'))
    expect(letters.onlyRow()).toMatchObject({ status: 'discarded', times: 4 })
    expect(letters.stored()).not.toContain('pm_')
  })

  it('keeps the token of another variant that came while it was discarded', async () => {
    const letters = openLetters()
    await letters.keep(placed('pm_one'))
    const read = await letters.select()
    await letters.keep(placed('pm_two'))
    await letters.close('discarded', read)
    expect(letters.onlyRow()).toMatchObject({ status: 'open', event: expect.stringContaining('pm_two') })
  })

  it('keeps no token of the same event that came while it was discarded', async () => {
    const letters = openLetters()
    await letters.keep(placed('pm_one'))
    const read = await letters.select()
    await letters.keep(placed('pm_one', { time: '2026-11-24T12:00:00.000Z' }))
    await letters.close('discarded', read)
    expect(letters.onlyRow().status).toBe('discarded')
    expect(letters.stored()).not.toContain('pm_')
  })
})

describe('letters that older code closed', () => {
  /** As the code of migration 0005 stored them. */
  const older = (count: number, status: string) => {
    const memory = createInMemoryD1('operations', { upTo: '0005' })
    for (let nth = 0; nth < count; nth += 1)
      memory.sql(
        `INSERT INTO dead_letters
          (id, consumer, reason, error, attempts, times, event_id, order_id, event, first_event, first_content,
            first_seen_at, last_seen_at, status)
          VALUES (?, 'payment', 'newer_version', 'so', 1, 1, 'e1', 'o1', ?, ?, 'first', '2026-11-01', '2026-11-01', ?)`,
        ...[`dl_${nth}`, JSON.stringify(placed('pm_one')), JSON.stringify(placed('pm_zero')), status],
      )
    memory.migrateOn()
    return openLetters(memory)
  }

  it('lose their tokens in portions, and get their digests', async () => {
    const letters = older(25, 'redriven')
    await eraseClosed(letters.database, { portions: 1 })
    const left = () => letters.rows().filter((row) => JSON.stringify(row).includes('pm_')).length
    expect(left()).toBe(5)
    await eraseClosed(letters.database, { portions: 9 })
    expect(left()).toBe(0)
    expect(new Set(letters.rows().map(({ content }) => content)).size).toBe(1)
    expect(letters.rows()[0]).toMatchObject({ content: expect.any(String), source: '/web' })
  })

  it('lose nothing while they are open', async () => {
    const letters = older(1, 'open')
    const before = letters.stored()
    await eraseClosed(letters.database, { portions: 1 })
    expect(letters.stored()).toBe(before)
  })

  it('lose their tokens also where older code put one back beside the new one', async () => {
    const letters = openLetters()
    await letters.keep(placed('pm_one'))
    await letters.close('discarded')
    letters.sql('UPDATE dead_letters SET times = times + 1, event = ?', JSON.stringify(placed('pm_one')))
    await eraseClosed(letters.database, { portions: 1 })
    expect(letters.stored()).not.toContain('pm_')
  })

  it('are not looked at again once they are erased', async () => {
    const letters = older(3, 'discarded')
    await eraseClosed(letters.database, { portions: 1 })
    expect(letters.sql('SELECT id FROM dead_letters WHERE erased_times IS NOT times')).toEqual([])
  })
})
