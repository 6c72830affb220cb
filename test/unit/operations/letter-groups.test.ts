import { describe, expect, it } from 'vitest'
import type { DeadLetter } from '../../../src/contracts/dead-letter.ts'
import { MINUTE_MS, toTimestamp } from '../../../src/kernel/instant.ts'
import { checkEvent } from '../../../src/operations/event-check.ts'
import { isErrorOf, patternOf } from '../../../src/operations/letter-groups.ts'
import { delaysSeconds } from '../../../src/operations/paced-sending.ts'
import {
  findGroups,
  type LetterSelection,
  selectGroup,
} from '../../../workers/operations/dead-letters/letter-selection.ts'
import { keepLetters } from '../../../workers/operations/dead-letters/letter-storage.ts'
import { NOW, orderPlacedEvent } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const letter = (id: string, changes: Partial<DeadLetter> = {}, type = 'OrderPlaced'): DeadLetter => ({
  ...{ consumer: 'payment', reason: 'bank_refused', error: `The bank refused ${id}-7.`, attempts: 1 },
  firstSeenAt: toTimestamp(NOW),
  event: { specversion: '1.0', id, source: '/web', type },
  ...changes,
})

const at = (minutes: number) => toTimestamp(NOW + minutes * MINUTE_MS)

const LETTERS = [
  letter('a', { firstSeenAt: at(1) }),
  letter('b', { firstSeenAt: at(2) }),
  letter('c', { reason: 'hop_limit', error: 'It went round.' }),
  letter('d', { consumer: 'order', firstSeenAt: at(3) }, 'OrderCancelled'),
]

const kept = async () => {
  const { database, sql } = createInMemoryD1('operations')
  await keepLetters(database, LETTERS, at(10))
  return { database, sql }
}

describe('the error of a group', () => {
  it.each([
    [
      'OrderPlaced has version 99; this consumer knows up to 2.',
      'OrderPlaced has version *; this consumer knows up to *',
    ],
    ['ord_0_01m8 is not here', '* is not here'],
    ['/data/items: Too small: expected array', '/data/items: Too small: expected array'],
  ])('%s', (error, pattern) => {
    expect(patternOf(error)).toBe(pattern)
    expect([isErrorOf(pattern, error), isErrorOf(error, error), isErrorOf('another', error)]).toEqual([
      ...[true, true, false],
    ])
  })
})

describe('dead letters by group', () => {
  it('are those of one queue, reason and error, whatever ids the error names; the largest group comes first', async () => {
    const { database } = await kept()
    const { groups, hasMore } = await findGroups(database, { consumer: undefined, status: 'open' })
    expect(groups.map(({ sampleId: _any, ...group }) => group)).toEqual([
      {
        ...{ consumer: 'payment', reason: 'bank_refused', error: 'The bank refused *', letters: 2 },
        ...{ firstSeenAt: at(1), lastSeenAt: at(10) },
      },
      {
        ...{ consumer: 'order', reason: 'bank_refused', error: 'The bank refused d-7.', letters: 1 },
        ...{ firstSeenAt: at(3), lastSeenAt: at(10) },
      },
      {
        ...{ consumer: 'payment', reason: 'hop_limit', error: 'It went round.', letters: 1 },
        ...{ firstSeenAt: at(0), lastSeenAt: at(10) },
      },
    ])
    expect(hasMore).toBe(false)
    const ofOrder = await findGroups(database, { consumer: 'order', status: 'open' })
    expect(ofOrder.groups.map(({ consumer }) => consumer)).toEqual(['order'])
    expect((await findGroups(database, { consumer: undefined, status: 'discarded' })).groups).toEqual([])
  })

  it.each<[LetterSelection, string[]]>([
    [{}, ['c', 'a', 'b', 'd']],
    [{ consumer: 'payment' }, ['c', 'a', 'b']],
    [{ consumer: 'payment', reason: 'bank_refused' }, ['a', 'b']],
    [{ type: 'OrderCancelled' }, ['d']],
    [{ error: 'The bank refused *' }, ['a', 'b', 'd']],
    [{ error: 'The bank refused b-7.' }, ['b']],
    [{ error: 'The bank' }, []],
    [{ seenBefore: at(10) }, []],
    [{ seenBefore: at(11) }, ['c', 'a', 'b', 'd']],
  ])('%o selects the oldest first', async (selection, ids) => {
    const { database } = await kept()
    const { letters, matching } = await selectGroup(database, selection, 100)
    const found = letters.map(({ event }) => (JSON.parse(event) as { id: string }).id)
    expect({ found, matching }).toEqual({ found: ids, matching: ids.length })
  })

  it('are counted beyond the limit, and only open ones', async () => {
    const { database, sql } = await kept()
    sql("UPDATE dead_letters SET status = 'discarded' WHERE consumer = 'order'")
    const { letters, matching } = await selectGroup(database, {}, 1)
    expect([letters.length, matching]).toEqual([1, 3])
  })
})

describe('an event against its schema', () => {
  const check = (event: unknown) => checkEvent(event, 'USD')

  it('has no fault where a consumer can read it', () => {
    expect(check(orderPlacedEvent())).toEqual({ faults: [], schema: { type: 'OrderPlaced', version: 2 } })
  })

  it('names each fault with its path', () => {
    const event = orderPlacedEvent()
    const items = [{ productId: 'P001', quantity: 0 }, { productId: 'P002' }]
    const { faults, schema } = check({ ...event, data: { ...event.data, items } })
    expect(schema).toEqual({ type: 'OrderPlaced', version: 2 })
    expect(faults.map(({ path }) => path)).toEqual([...['/data/items/0/quantity', '/data/items/1/quantity']])
    expect(faults.every(({ message }) => message.length > 0)).toBe(true)
  })

  it.each([
    ['a type that is unknown', { ...orderPlacedEvent(), type: 'Nonsense' }, '/type', undefined],
    ['a newer version', { ...orderPlacedEvent(), schemaversion: 99 }, '/schemaversion', 2],
    ['too many hops', { ...orderPlacedEvent(), hops: 17 }, '/hops', 2],
    ['another subject than its data', { ...orderPlacedEvent(), subject: 'else' }, '/subject', 2],
    ['plain JSON of version 1', { eventType: 'OrderPlaced', orderId: 'o-1' }, '/items', 1],
    ['no JSON', 'no JSON', '', undefined],
    ['half a surrogate pair', { ...orderPlacedEvent(), 'a/\ud800': 1 }, '/a~1\ufffd', 2],
  ])('that has %s', (_, event, path, version) => {
    const { faults, schema } = check(event)
    expect(faults[0]?.path).toBe(path)
    expect(schema?.version).toBe(version)
  })
})

describe('a rate', () => {
  it.each([
    [5, 2, [0, 0, 1, 1, 2]],
    [3, 0.5, [0, 2, 4]],
    [0, 1, []],
  ])('of %i letters, %d a second', (count, rate, delays) => {
    expect(delaysSeconds(count, rate)).toEqual(delays)
  })
})
