import { describe, expect, it } from 'vitest'
import type { Bank, BankCall, BankRecord } from '../../src/payment/bank.ts'

/** A bank under test. `declined` is a token or an order whose authorization it declines. */
export type BankUnderTest = { bank: Bank; declined: Pick<BankCall, 'orderId' | 'token'> }

const ORDER = 'ord_0_1'
const AMOUNT_MINOR = 15_000

/** The behaviours of every bank behind the port. The payment service relies on each of them. */
export const describeBank = (name: string, create: () => BankUnderTest): void => {
  const open = (orderId = ORDER) => {
    const { bank, declined } = create()
    const call = (operation: BankCall['operation'], changes: Partial<BankCall> = {}) =>
      bank.perform({
        ...{ operation, orderId, amountMinor: AMOUNT_MINOR, currency: 'USD' },
        ...(operation === 'authorize' && { token: 'pm_card_visa' }),
        idempotencyKey: `${orderId}/${operation}/1`,
        ...changes,
      })
    /** The bank's id of a successful authorization. */
    const authorized = async (): Promise<string> => {
      const result = await call('authorize')
      if (result.kind !== 'succeeded') throw new Error(`The authorization was ${result.kind}.`)
      return result.reference
    }
    return { bank, declined, call, authorized }
  }
  const recordsOf = async (bank: Bank, orderId = ORDER): Promise<string[]> => {
    const found = await bank.lookUp(orderId)
    if (found.kind !== 'found') throw new Error(`The look-up was ${found.kind}.`)
    return found.records.map(({ operation, outcome }: BankRecord) => `${operation} ${outcome}`)
  }

  describe(`${name} as a bank`, () => {
    it('authorizes, captures and refunds, and lists the operations in this order', async () => {
      const { bank, call, authorized } = open()
      const authorizationId = await authorized()
      expect((await call('capture', { authorizationId })).kind).toBe('succeeded')
      expect((await call('refund', { authorizationId, amountMinor: 5_000 })).kind).toBe('succeeded')
      expect(await recordsOf(bank)).toEqual(['authorize succeeded', 'capture succeeded', 'refund succeeded'])
    })

    it('voids an authorization, and then captures nothing', async () => {
      const { call, authorized } = open()
      const authorizationId = await authorized()
      expect((await call('void', { authorizationId })).kind).toBe('succeeded')
      expect((await call('capture', { authorizationId })).kind).toBe('declined')
    })

    it('has the effect of a repeated call once, and returns the first result', async () => {
      const { bank, call, authorized } = open()
      const authorizationId = await authorized()
      const first = await call('capture', { authorizationId })
      expect(await call('capture', { authorizationId })).toEqual(first)
      expect(await recordsOf(bank)).toEqual(['authorize succeeded', 'capture succeeded'])
    })

    it('declines a capture under another key once all is captured', async () => {
      const { call, authorized } = open()
      const authorizationId = await authorized()
      await call('capture', { authorizationId })
      const again = await call('capture', { authorizationId, idempotencyKey: `${ORDER}/capture/2` })
      expect(again.kind).toBe('declined')
    })

    it('refunds at most what is captured', async () => {
      const { call, authorized } = open()
      const authorizationId = await authorized()
      await call('capture', { authorizationId })
      const tooMuch = await call('refund', { authorizationId, amountMinor: AMOUNT_MINOR + 1 })
      expect(tooMuch.kind).toBe('declined')
    })

    it('lists a declined authorization, and lets nothing follow it', async () => {
      const { bank, declined, call } = open()
      const result = await call('authorize', declined)
      expect(result).toMatchObject({ kind: 'declined', code: expect.any(String), detail: expect.any(String) })
      expect(await recordsOf(bank, declined.orderId)).toEqual(['authorize declined'])
    })

    it('finds no operation of an order that it never saw', async () => {
      const { bank } = open()
      expect(await recordsOf(bank, 'ord_0_unseen')).toEqual([])
    })
  })
}
