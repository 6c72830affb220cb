import { describe, expect, it } from 'vitest'
import type { LetterErasure } from '../../../src/contracts/customer-erasure.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { withoutCustomer } from '../../../src/operations/erased-customer.ts'
import { eraseFromLetters } from '../../../workers/operations/dead-letters/erase-customer.ts'
import { keepLetters } from '../../../workers/operations/dead-letters/letter-storage.ts'
import { NOW, orderPlacedEvent } from '../../support/builders.ts'
import { createInMemoryD1 } from '../../support/in-memory-d1.ts'

const CUSTOMER = { client: 'shop', customerId: 'cust_1' }

const event = (id: string, changes: Record<string, unknown> = {}) => ({
  ...{ specversion: '1.0', id, source: '/web', type: 'OrderPlaced', subject: id, schemaversion: 99 },
  data: { orderId: id, customerId: 'cust_1', reference: 'Anna', metadata: { phone: '555' }, items: [1] },
  ...changes,
})

describe('a stored event', () => {
  it('loses the customer and what stands beside it, and keeps the rest', () => {
    expect(JSON.parse(withoutCustomer(JSON.stringify(event('o1')), CUSTOMER))).toEqual(
      event('o1', { data: { orderId: 'o1', customerId: '[erased]', items: [1] } }),
    )
  })

  it.each([
    ['another customer', { data: { customerId: 'cust_11' } }],
    ['another client', { client: 'somebody-else' }],
    ['the id as another value', { data: { orderId: 'cust_1' } }],
  ])('keeps %s', (_what, changes) => {
    const text = JSON.stringify(event('o1', changes))
    expect(withoutCustomer(text, CUSTOMER)).toBe(text)
  })

  it('that no consumer could read loses the id in its text', () => {
    const text = JSON.stringify('{"eventType":"OrderPlaced","customerId":"cust_1","ite')
    expect(JSON.parse(withoutCustomer(text, CUSTOMER))).toBe(
      '{"eventType":"OrderPlaced","customerId":"[erased]","ite',
    )
  })

  it('is still an event that its consumer reads', () => {
    const placed = orderPlacedEvent({ owner: { client: 'shop' }, data: { customerId: 'cust_1' } })
    const { data, ...rest } = JSON.parse(withoutCustomer(JSON.stringify(placed), CUSTOMER))
    const { data: before, ...kept } = JSON.parse(JSON.stringify(placed))
    expect(rest).toEqual(kept)
    expect(data).toEqual({ ...before, customerId: '[erased]' })
  })
})

/** Letters about these events, each of which came as often as it is named. */
const lettersOf = async (events: readonly object[]) => {
  const memory = createInMemoryD1('operations')
  const keep = async (what: object) =>
    await keepLetters(
      memory.database,
      [
        {
          ...{ consumer: 'inventory', reason: 'newer_version', error: 'too new', attempts: 1 },
          ...{ firstSeenAt: toTimestamp(NOW), event: what },
        },
      ],
      toTimestamp(NOW),
    )
  for (const each of events) await keep(each)
  const erase = async (after = '', isDryRun = false): Promise<LetterErasure> =>
    await eraseFromLetters(memory.database, { customer: CUSTOMER, after, isDryRun })
  const texts = () => JSON.stringify(memory.sql('SELECT event, first_event FROM dead_letters'))
  return { ...memory, erase, keep, texts }
}

describe('dead letters', () => {
  it('lose the customer in both variants of an event, open and closed, and nothing else', async () => {
    const changed = event('o1', { data: { customerId: 'cust_1', items: [2] } })
    const letters = await lettersOf([event('o1'), changed, event('o2', { data: { customerId: 'cust_2' } })])
    letters.sql("UPDATE dead_letters SET status = 'redriven'")
    expect(letters.texts()).toContain('first_event":"{')
    expect(await letters.erase()).toEqual({ erased: 1 })
    expect(letters.texts()).not.toMatch(/cust_1|Anna|555/)
    expect(letters.texts()).toContain('cust_2')
    expect(await letters.erase()).toEqual({ erased: 0 })
  })

  it('are only counted in a dry run', async () => {
    const letters = await lettersOf([event('o1')])
    const before = letters.texts()
    expect(await letters.erase('', true)).toEqual({ erased: 1 })
    expect(letters.texts()).toBe(before)
  })

  it('are gone through in portions', async () => {
    const letters = await lettersOf(Array.from({ length: 45 }, (_, number) => event(`o${number}`)))
    const portions: number[] = []
    let after: string | undefined = ''
    while (after !== undefined) {
      const { erased, next }: LetterErasure = await letters.erase(after)
      portions.push(erased)
      after = next
    }
    expect(portions).toEqual([20, 20, 5])
    expect(letters.texts()).not.toContain('cust_1')
  })

  it('stay the same letter when the event comes again', async () => {
    const letters = await lettersOf([event('o1')])
    letters.sql("UPDATE dead_letters SET status = 'discarded'")
    await letters.erase()
    await letters.keep(event('o1'))
    const rows = letters.sql<{ status: string; first_event: string | null }>('SELECT * FROM dead_letters')
    expect(rows).toMatchObject([{ status: 'discarded', first_event: null }])
  })
})
