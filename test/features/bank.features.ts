import { describe, expect, it } from 'vitest'
import type { Bank, BankCall, BankOperation } from '../../src/payment/bank.ts'
import { ORDER_ID } from '../support/builders.ts'

/** How an adapter of the port `Bank` is set up for a test. */
export type BankSetup = 'approves' | 'declines' | 'loses the first response' | 'cannot be reached'

/** A bank, and the token that an authorization at it names. */
export type StartedBank = { bank: Bank; token: string }

export type StartBank = (setup: BankSetup) => StartedBank

const AMOUNT_MINOR = 10_000

/** Calls to one bank. The last authorization's id goes with every later operation. */
const clientOf = ({ bank, token }: StartedBank) => {
  let authorizationId = 'never_given'
  const call = async (operation: BankOperation, changes: Partial<BankCall> = {}) => {
    const result = await bank.perform({
      operation,
      orderId: ORDER_ID,
      amountMinor: AMOUNT_MINOR,
      currency: 'USD',
      ...(operation === 'authorize' ? { token } : { authorizationId }),
      idempotencyKey: `${operation}/1`,
      ...changes,
    })
    if (operation === 'authorize' && result.kind === 'succeeded') authorizationId = result.reference
    return result
  }
  const records = async (orderId = ORDER_ID) => {
    const found = await bank.lookUp(orderId)
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
    const { call, records } = start('approves')
    const results = [
      await call('authorize'),
      await call('capture', { amountMinor: 6_000 }),
      await call('refund', { amountMinor: 2_000 }),
      await call('void', { amountMinor: 4_000 }),
    ]
    expect(results.map(({ kind }) => kind)).toEqual(Array(4).fill('succeeded'))
    expect(
      (await records()).map(({ operation, idempotencyKey, amountMinor, outcome, reference }) => [
        operation,
        idempotencyKey,
        amountMinor,
        { kind: outcome, reference },
      ]),
    ).toEqual([
      ['authorize', 'authorize/1', 10_000, results[0]],
      ['capture', 'capture/1', 6_000, results[1]],
      ['refund', 'refund/1', 2_000, results[2]],
      ['void', 'void/1', 4_000, results[3]],
    ])
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
    expect(await kindOf('capture', { idempotencyKey: 'capture/2' })).toBe('succeeded')
    expect(await kindOf('capture', { amountMinor: 1, idempotencyKey: 'capture/3' })).toBe('declined')
  },
  'voids only an authorization that is neither captured nor voided': async (start) => {
    const captured = start('approves')
    expect(await captured.kindOf('void')).toBe('declined')
    await captured.kindOf('authorize')
    await captured.kindOf('capture')
    expect(await captured.kindOf('void', { idempotencyKey: 'void/2' })).toBe('declined')
    const voided = start('approves')
    await voided.kindOf('authorize')
    expect(await voided.kindOf('void')).toBe('succeeded')
    expect(await voided.kindOf('void', { idempotencyKey: 'void/2' })).toBe('declined')
    expect(await voided.kindOf('capture')).toBe('declined')
  },
  'refunds at most what was captured': async (start) => {
    const { kindOf } = start('approves')
    await kindOf('authorize')
    expect(await kindOf('refund')).toBe('declined')
    await kindOf('capture')
    expect(await kindOf('refund', { amountMinor: 6_000, idempotencyKey: 'refund/2' })).toBe('succeeded')
    expect(await kindOf('refund', { amountMinor: 4_001, idempotencyKey: 'refund/3' })).toBe('declined')
    expect(await kindOf('refund', { amountMinor: 4_000, idempotencyKey: 'refund/4' })).toBe('succeeded')
    expect(await kindOf('refund', { amountMinor: 1, idempotencyKey: 'refund/5' })).toBe('declined')
  },
  'declines to capture an authorization that it never gave': async (start) => {
    const { kindOf } = start('approves')
    await kindOf('authorize')
    expect(await kindOf('capture', { authorizationId: 'never_given' })).toBe('declined')
  },
  'keeps the books of each order apart': async (start) => {
    const { kindOf, books } = start('approves')
    await kindOf('authorize')
    await kindOf('authorize', { orderId: 'another order', idempotencyKey: 'another key' })
    await kindOf('capture', { orderId: 'another order', idempotencyKey: 'a third key' })
    expect(await books()).toEqual(['authorize succeeded'])
  },
  'gives an unknown result where its response is lost, and lists the operation': async (start) => {
    const { call, records, books } = start('loses the first response')
    expect((await call('authorize')).kind).toBe('unknown')
    const [record] = await records()
    expect(await call('authorize')).toEqual({ kind: 'succeeded', reference: record?.reference })
    expect(await books()).toEqual(['authorize succeeded'])
  },
  'does not throw where it cannot be reached: both results are unknown': async (start) => {
    const { bank, kindOf } = start('cannot be reached')
    expect(await kindOf('authorize')).toBe('unknown')
    expect((await bank.lookUp(ORDER_ID)).kind).toBe('unknown')
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
