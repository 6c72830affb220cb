import { describe, expect, it } from 'vitest'
import type { BankLookup, BankRecord } from '../../../src/payment/bank.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import { balanceOf, readBankBooks, toAuditedPayment } from '../../../src/payment/payment-book.ts'

const payment = (changes: Partial<Payment> = {}): Payment => ({
  ...{ orderId: 'o1', client: 'web', currency: 'USD', amountMinor: 100, status: 'captured', goal: 'capture' },
  ...{
    capturedMinor: 100,
    refundedMinor: 0,
    refunds: [],
    attempts: 2,
    revision: 3,
    createdAt: 0,
    changedAt: 0,
  },
  ...changes,
})

const record = (
  operation: BankRecord['operation'],
  outcome: BankRecord['outcome'] = 'succeeded',
): BankRecord => ({
  ...{ operation, outcome, idempotencyKey: operation, amountMinor: 100, reference: 'r' },
})

const FOUND: BankLookup = { kind: 'found', records: [record('authorize'), record('capture')] }

/** The payment as it is read before and after its books. */
const bookOf = async (before: Payment, after = before, lookup: BankLookup = FOUND) => {
  const reads = [before, after]
  const [book] = await readBankBooks(['o1'], {
    read: async (ids) => {
      const next = reads.shift()
      return new Map(next && ids.length > 0 ? [['o1', toAuditedPayment(next)]] : [])
    },
    lookUp: async () => lookup,
  })
  return book
}

describe("a payment beside the bank's books", () => {
  it('is read where it is at rest', async () => {
    expect(await bookOf(payment())).toMatchObject({
      kind: 'read',
      payment: { orderId: 'o1', capturedMinor: 100 },
      bank: { heldMinor: 0, capturedMinor: 100, refundedMinor: 0 },
    })
  })

  const refund = { refundId: 'r', amountMinor: 1, requestedAt: 0, state: 'pending', isNoted: false } as const
  it.each<[string, Payment, Payment | undefined]>([
    ['has not been decided', payment({ status: 'pending' }), undefined],
    ['has a refund to make', payment({ refunds: [refund] }), undefined],
    ['changed while the books were read', payment(), payment({ revision: 4 })],
  ])('is under way where it %s', async (_, before, after) => {
    expect(await bookOf(before, after)).toEqual({ kind: 'under way', orderId: 'o1' })
  })

  it('is unread where the bank does not answer', async () => {
    const unknown: BankLookup = { kind: 'unknown', detail: 'down' }
    expect(await bookOf(payment(), payment(), unknown)).toEqual({ kind: 'unread', orderId: 'o1' })
  })
})

it('the balance counts what succeeded: held is what is neither captured nor voided', () => {
  expect(balanceOf([record('authorize'), record('capture', 'declined'), record('void', 'failed')])).toEqual({
    ...{ heldMinor: 100, capturedMinor: 0, refundedMinor: 0 },
  })
  expect(balanceOf([record('authorize'), record('void')]).heldMinor).toBe(0)
  expect(balanceOf([record('authorize'), record('capture'), record('refund')])).toEqual({
    ...{ heldMinor: 0, capturedMinor: 100, refundedMinor: 100 },
  })
})
