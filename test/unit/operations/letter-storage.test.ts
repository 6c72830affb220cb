import { describe, expect, it } from 'vitest'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { findLetters } from '../../../workers/operations/dead-letters/letter-list.ts'
import { keepLetters } from '../../../workers/operations/dead-letters/letter-storage.ts'
import { closeLetter, selectLetters } from '../../../workers/operations/dead-letters/letter-table.ts'
import { NOW } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const event = (changes: Record<string, unknown> = {}) => ({
  specversion: '1.0',
  ...{ id: 'e1', source: '/web', type: 'Poison', subject: 'o1', time: '2026-11-23T12:00:00.000Z' },
  data: { amount: 1 },
  ...changes,
})

/** The letters of the operations database, and what is done to them, a second apart. */
const openLetters = (memory = createInMemoryD1('operations')) => {
  const { database } = memory
  let now = NOW
  const tick = () => {
    now += 1_000
    return toTimestamp(now)
  }
  const select = async (id: string) => {
    const [letter] = await selectLetters(database, { ids: [id], limit: 1 })
    if (letter === undefined) throw new Error(`there is no letter ${id}`)
    return letter
  }
  const close = async (
    letter: Awaited<ReturnType<typeof select>>,
    status: 'redriven' | 'discarded',
  ): Promise<void> => {
    const at = tick()
    await database.batch(closeLetter(database, letter, status, { client: 'admin', at, auditId: at }))
  }
  return {
    ...memory,
    select,
    close,
    keep: async (what: unknown, { consumer = 'payment', reason = 'unknown_type' } = {}) => {
      const at = tick()
      const letter = { reason, error: `${reason} it is`, attempts: 1, firstSeenAt: at, event: what }
      await keepLetters(database, [{ ...letter, consumer: consumer as 'payment' }], at)
    },
    all: async () => (await findLetters(database, {}, { list: '', limit: 100 })).items,
    only: async () => {
      const { items } = await findLetters(database, {}, { list: '', limit: 100 })
      const [letter, ...others] = items
      if (letter === undefined || others.length > 0) throw new Error(`${items.length} letters`)
      return letter
    },
  }
}

const closed = async (letters: ReturnType<typeof openLetters>, status: 'redriven' | 'discarded') =>
  letters.close(await letters.select((await letters.only()).id), status)

describe('events with one id', () => {
  it('from two sources are two letters', async () => {
    const letters = openLetters()
    const [first, second] = [event(), event({ source: '/app', data: { amount: 2 } })]
    await letters.keep(first)
    await letters.keep(second)
    expect((await letters.all()).map(({ event, times }) => [event, times])).toEqual([
      [second, 1],
      [first, 1],
    ])
  })

  it('for two consumers are two letters', async () => {
    const letters = openLetters()
    await letters.keep(event())
    await letters.keep(event(), { consumer: 'inventory' })
    expect(await letters.all()).toHaveLength(2)
  })

  it('and one source raise the count where they say the same, whenever and in whatever order they say it', async () => {
    const letters = openLetters()
    await letters.keep(event())
    const { id: _id, data: _data, ...rest } = event({ time: '2026-11-24T12:00:00.000Z', hops: 3 })
    await letters.keep({ data: { amount: 1 }, ...rest, id: 'e1' })
    expect(await letters.only()).toMatchObject({ times: 2, status: 'open' })
    expect(await letters.only()).not.toHaveProperty('first')
  })

  it.each([
    ['type', { type: 'Venom' }],
    ['data', { data: { amount: 2 } }],
    ['version', { schemaversion: 2 }],
  ])(
    'and one source that differ in their %s are kept side by side, each with its reason',
    async (_, changes) => {
      const letters = openLetters()
      await letters.keep(event())
      await letters.keep(event(changes), { reason: 'schema_broken' })
      expect(await letters.only()).toMatchObject({
        ...{ times: 2, event: event(changes), reason: 'schema_broken', error: 'schema_broken it is' },
        first: { event: event(), reason: 'unknown_type', error: 'unknown_type it is' },
      })
    },
  )

  it('are at most the first and the newest', async () => {
    const letters = openLetters()
    for (const amount of [1, 2, 3, 4]) await letters.keep(event({ data: { amount } }))
    expect(await letters.only()).toMatchObject({
      ...{ times: 4, event: { data: { amount: 4 } }, first: { event: { data: { amount: 1 } } } },
    })
  })

  it('lose no variant when the first comes again after the second', async () => {
    const letters = openLetters()
    await letters.keep(event())
    await letters.keep(event({ data: { amount: 2 } }), { reason: 'schema_broken' })
    await letters.keep(event())
    expect(await letters.only()).toMatchObject({
      ...{ times: 3, reason: 'schema_broken', event: { data: { amount: 2 } } },
      first: { event: { data: { amount: 1 } }, reason: 'unknown_type' },
    })
  })

  it('show no payment token, neither the first nor the newest', async () => {
    const letters = openLetters()
    await letters.keep(event({ data: { payment: { token: 'pm_one' } } }))
    await letters.keep(event({ data: { payment: { token: 'pm_two' } } }))
    expect(await letters.only()).toHaveProperty('first')
    expect(JSON.stringify(await letters.all())).not.toContain('pm_')
  })
})

describe('what has no id', () => {
  it.each([null, 'poison', 7, { hello: 'world' }, [1]])('is known by what it says: %j', async (what) => {
    const letters = openLetters()
    await letters.keep(what)
    await letters.keep(what)
    await letters.keep({ hello: 'mars' })
    expect((await letters.all()).map(({ times }) => times)).toEqual([1, 2])
  })
})

describe('a discarded letter', () => {
  it('is open again when another variant of its event comes, and says since when', async () => {
    const letters = openLetters()
    await letters.keep(event())
    await closed(letters, 'discarded')
    await letters.keep(event({ data: { amount: 2 } }))
    const reopened = await letters.only()
    expect(reopened).toMatchObject({
      status: 'open',
      event: { data: { amount: 2 } },
      first: { event: event() },
    })
    expect(reopened.reopenedAt).toBe(reopened.lastSeenAt)
    await closed(letters, 'discarded')
    expect(await letters.only()).toMatchObject({ status: 'discarded' })
    expect(await letters.only()).not.toHaveProperty('reopenedAt')
  })

  it('stays discarded when a variant comes again that was there when it was discarded', async () => {
    const letters = openLetters()
    await letters.keep(event())
    await letters.keep(event({ data: { amount: 2 } }))
    await closed(letters, 'discarded')
    await letters.keep(event())
    await letters.keep(event({ data: { amount: 2 } }))
    expect(await letters.only()).toMatchObject({ status: 'discarded', times: 4 })
  })

  it('does not hide an event from another source', async () => {
    const letters = openLetters()
    await letters.keep(event())
    await closed(letters, 'discarded')
    await letters.keep(event({ source: '/app' }))
    expect((await letters.all()).map(({ status }) => status)).toEqual(['open', 'discarded'])
  })

  it('is open where another variant came while it was being discarded, and closed where the same one did', async () => {
    const letters = openLetters()
    await letters.keep(event())
    const read = await letters.select((await letters.only()).id)
    await letters.keep(event())
    await letters.close(read, 'discarded')
    expect(await letters.only()).toMatchObject({ status: 'discarded' })
    await letters.keep(event({ data: { amount: 2 } }))
    await letters.close(read, 'discarded')
    expect(await letters.only()).toMatchObject({ status: 'open', reopenedAt: expect.any(String) })
  })
})

describe('a redriven letter', () => {
  it('is open again whichever variant fails again', async () => {
    const letters = openLetters()
    await letters.keep(event())
    await letters.keep(event({ data: { amount: 2 } }))
    await closed(letters, 'redriven')
    expect(await letters.only()).toMatchObject({ status: 'redriven' })
    await letters.keep(event({ data: { amount: 2 }, redriveid: 'rd_1', hops: 0 }))
    expect(await letters.only()).toMatchObject({ status: 'open', first: { event: event() } })
    expect(await letters.only()).not.toHaveProperty('reopenedAt')
  })
})

/** As the code before the source counted stored it. */
const OLDER_ID = 'dl_5182a4afb16c42cf62464268'
const older = (what: unknown = event(), status = 'open') => {
  const memory = createInMemoryD1('operations', { upTo: '0002' })
  memory.sql(
    `INSERT INTO dead_letters
      (id, consumer, reason, error, attempts, times, event_id, order_id, event, first_seen_at, last_seen_at, status)
      VALUES (?, 'payment', 'unknown_type', 'so', 1, 1, 'e1', 'o1', ?, '2026-11-01', '2026-11-01', ?)`,
    ...[OLDER_ID, JSON.stringify(what), status],
  )
  memory.migrateOn()
  return openLetters(memory)
}

describe('a letter that older code kept', () => {
  it('can be read and closed', async () => {
    const letters = older()
    expect(await letters.only()).toMatchObject({ id: OLDER_ID, event: event(), status: 'open' })
    await closed(letters, 'redriven')
    expect(await letters.only()).toMatchObject({ id: OLDER_ID, status: 'redriven' })
  })

  it('keeps its id, and raises its count when its event comes again', async () => {
    const letters = older()
    await letters.keep(event({ redriveid: 'rd_1' }))
    await letters.keep(event())
    expect(await letters.only()).toMatchObject({ id: OLDER_ID, times: 3 })
    expect(await letters.only()).not.toHaveProperty('first')
  })

  it('keeps its event as the first when another variant comes, and is open again if it was discarded', async () => {
    const letters = older(event(), 'discarded')
    await letters.keep(event({ data: { amount: 2 } }))
    expect(await letters.only()).toMatchObject({
      ...{ id: OLDER_ID, status: 'open', reopenedAt: expect.any(String) },
      first: { event: event(), reason: 'unknown_type' },
    })
  })

  it('is left alone by an event from another source, which gets a letter of its own', async () => {
    const letters = older(event({ source: '/app' }))
    await letters.keep(event())
    expect((await letters.all()).map(({ event }) => event)).toEqual([event(), event({ source: '/app' })])
  })

  it('without a source is found by an event without one', async () => {
    const { source: _source, ...sourceless } = event()
    const letters = older(sourceless)
    await letters.keep(sourceless)
    expect(await letters.only()).toMatchObject({ id: OLDER_ID, times: 2 })
  })
})
