import { describe, expect, it } from 'vitest'
import type { Bank, BankCall, BankOperation, BankResult } from '../../src/payment/bank.ts'
import { ORDER_ID } from '../support/builders.ts'

/** How an adapter of the port `Bank` is set up for a test. */
export type BankSetup = 'approves' | 'declines' | 'loses the first response' | 'cannot be reached'

/** A bank, and the token that an authorization at it names. */
export type StartedBank = { bank: Bank; token: string }

export type StartBank = (setup: BankSetup) => StartedBank

const AMOUNT_MINOR = 10_000
const OTHER_ORDER = 'another order'

/** Keys as the payment service makes them. */
const keyOf = (operation: BankOperation, number = 1, orderId = ORDER_ID) =>
  `${orderId}/${operation}/${number}`

/**
 * Calls to one bank. The id of an order's authorization, or of its intent, goes with its later calls.
 */
const clientOf = ({ bank, token }: StartedBank) => {
  const given = new Map<string, string>()
  const authorizationOf = (orderId: string) => {
    const authorizationId = given.get(orderId)
    return authorizationId === undefined ? {} : { authorizationId }
  }
  const call = async (operation: BankOperation, changes: Partial<BankCall> = {}): Promise<BankResult> => {
    const { orderId = ORDER_ID } = changes
    const result = await bank.perform({
      ...{ operation, orderId, amountMinor: AMOUNT_MINOR, currency: 'USD' },
      ...(operation === 'authorize' ? { token } : { authorizationId: 'never_given' }),
      ...authorizationOf(orderId),
      idempotencyKey: keyOf(operation),
      ...changes,
    })
    if (operation === 'authorize' && 'reference' in result) given.set(orderId, result.reference)
    return result.kind === 'opened' ? await call(operation, changes) : result
  }
  const records = async (orderId = ORDER_ID) => {
    const found = await bank.lookUp({ orderId, currency: 'USD', ...authorizationOf(orderId) })
    if (found.kind === 'unknown') throw new Error(`the look-up gave no records: ${found.detail}`)
    return found.records
  }
  return {
    bank,
    call,
    records,
    kindOf: async (operation: BankOperation, changes?: Partial<BankCall>) =>
      (await call(operation, changes)).kind,
    /** `operation outcome` of each record. */
    books: async (orderId?: string) =>
      (await records(orderId)).map(({ operation, outcome }) => `${operation} ${outcome}`),
  }
}

const referenceOf = (result: BankResult | undefined) =>
  result !== undefined && 'reference' in result ? result.reference : undefined

type Feature = (start: (setup: BankSetup) => ReturnType<typeof clientOf>) => Promise<void>

/** What the payment service relies on at every bank. */
const FEATURES = {
  'carries out the operation of a key once, and responds the same each time': async (start) => {
    const { call, books } = start('approves')
    await call('authorize')
    const first = await call('capture')
    expect(first.kind).toBe('succeeded')
    expect([await call('capture'), await call('capture')]).toEqual([first, first])
    expect(await books()).toEqual(['authorize succeeded', 'capture succeeded'])
  },
  'carries out two calls once that arrive together under one key': async (start) => {
    const { call, books } = start('approves')
    const [first, second] = await Promise.all([call('authorize'), call('authorize')])
    expect(second).toEqual(first)
    expect(await books()).toEqual(['authorize succeeded'])
  },
  'lists the operations of an order with key, amount and reference, oldest first': async (start) => {
    const paid = start('approves')
    const voided = start('approves')
    const results = [
      await paid.call('authorize'),
      await paid.call('capture'),
      await paid.call('refund', { amountMinor: 2_000 }),
      await voided.call('authorize'),
      await voided.call('void'),
    ]
    expect(results.map(({ kind }) => kind)).toEqual(Array(5).fill('succeeded'))
    const expected = [
      ['authorize', keyOf('authorize'), 10_000, 'succeeded'],
      ['capture', keyOf('capture'), 10_000, 'succeeded'],
      ['refund', keyOf('refund'), 2_000, 'succeeded'],
      ['authorize', keyOf('authorize'), 10_000, 'succeeded'],
      ['void', keyOf('void'), 10_000, 'succeeded'],
    ]
    expect(
      [...(await paid.records()), ...(await voided.records())].map(
        ({ operation, idempotencyKey, amountMinor, outcome, reference }) => [
          ...[operation, idempotencyKey, amountMinor, outcome],
          reference,
        ],
      ),
    ).toEqual(expected.map((record, index) => [...record, referenceOf(results[index])]))
  },
  'lists nothing for an order that it has never seen': async (start) => {
    expect(await start('approves').records()).toEqual([])
  },
  'declines as a decision that stands under its key and in its books': async (start) => {
    const { call, books } = start('declines')
    const first = await call('authorize')
    expect(first).toEqual({ kind: 'declined', code: expect.any(String), detail: expect.any(String) })
    expect(await call('authorize')).toEqual(first)
    expect(await books()).toEqual(['authorize declined'])
  },
  'captures at most what is authorized': async (start) => {
    const { kindOf } = start('approves')
    await kindOf('authorize')
    expect(await kindOf('capture', { amountMinor: 10_001 })).toBe('declined')
    expect(await kindOf('capture', { idempotencyKey: keyOf('capture', 2) })).toBe('succeeded')
    expect(await kindOf('capture', { amountMinor: 1, idempotencyKey: keyOf('capture', 3) })).toBe('declined')
  },
  'voids no authorization that is captured, and captures none that is voided': async (start) => {
    const captured = start('approves')
    await captured.kindOf('authorize')
    await captured.kindOf('capture')
    expect(await captured.kindOf('void')).toBe('declined')
    const voided = start('approves')
    await voided.kindOf('authorize')
    expect(await voided.kindOf('void')).toBe('succeeded')
    expect(await voided.kindOf('capture')).toBe('declined')
  },
  'voids an authorization once': async (start) => {
    const { kindOf, books } = start('approves')
    await kindOf('authorize')
    await kindOf('void')
    await kindOf('void', { idempotencyKey: keyOf('void', 2) })
    expect((await books()).filter((record) => record === 'void succeeded')).toHaveLength(1)
  },
  'declines to void what is voided under another key': async (start) => {
    const { kindOf } = start('approves')
    await kindOf('authorize')
    await kindOf('void')
    expect(await kindOf('void', { idempotencyKey: keyOf('void', 2) })).toBe('declined')
  },
  'refunds at most what was captured': async (start) => {
    const { kindOf } = start('approves')
    const refund = (amountMinor: number, number: number) =>
      kindOf('refund', { amountMinor, idempotencyKey: keyOf('refund', number) })
    await kindOf('authorize')
    expect(await refund(AMOUNT_MINOR, 1)).toBe('declined')
    await kindOf('capture')
    expect(await refund(6_000, 2)).toBe('succeeded')
    expect(await refund(4_001, 3)).toBe('declined')
    expect(await refund(4_000, 4)).toBe('succeeded')
    expect(await refund(1, 5)).toBe('declined')
  },
  'declines to capture and to void an authorization that it never gave': async (start) => {
    const { kindOf } = start('approves')
    await kindOf('authorize')
    expect(await kindOf('capture', { authorizationId: 'never_given' })).toBe('declined')
    expect(await kindOf('void', { authorizationId: 'never_given' })).toBe('declined')
  },
  'keeps the books of each order apart': async (start) => {
    const { kindOf, books } = start('approves')
    await kindOf('authorize')
    await kindOf('authorize', { orderId: OTHER_ORDER, idempotencyKey: 'another key' })
    await kindOf('capture', { orderId: OTHER_ORDER, idempotencyKey: 'a third key' })
    expect(await books()).toEqual(['authorize succeeded'])
  },
  'gives an unknown result where its response is lost, and lists the operation': async (start) => {
    const { call, records, books } = start('loses the first response')
    expect((await call('authorize')).kind).toBe('unknown')
    const [record] = await records()
    expect(await call('authorize')).toMatchObject({ kind: 'succeeded', reference: record?.reference })
    expect(await books()).toEqual(['authorize succeeded'])
  },
  'does not throw where it cannot be reached: both results are unknown': async (start) => {
    const { bank, kindOf } = start('cannot be reached')
    expect(await kindOf('authorize')).toBe('unknown')
    const question = { orderId: ORDER_ID, currency: 'USD', authorizationId: 'never_given' }
    expect((await bank.lookUp(question)).kind).toBe('unknown')
  },
} as const satisfies Record<string, Feature>

export type BankFeature = keyof typeof FEATURES

/** The features that an adapter lacks by design, each with the reason. */
export type LackingFeatures = Partial<Record<BankFeature, string>>

/**
 * Runs every feature against one adapter. A feature that the adapter lacks must fail: the table of lacking features
 * cannot outlive its reasons.
 */
export const describeBank = (name: string, start: StartBank, lacking: LackingFeatures): void => {
  describe(name, () => {
    for (const [title, feature] of Object.entries(FEATURES)) {
      const reason = lacking[title as BankFeature]
      const run = () => feature((setup) => clientOf(start(setup)))
      if (reason === undefined) it(title, run)
      else it.fails(`lacks by design: ${title} (${reason})`, run)
    }
  })
}
