import { describe, expect, it } from 'vitest'
import type { Payment } from '../../../src/payment/payment.ts'
import { REFUNDS_MAX, refundFor, type WantedRefund } from '../../../src/payment/refunds.ts'
import { NOW, newPayment } from '../../support/builders.ts'
import { afterBank, approved } from '../../support/payment-steps.ts'

/** JSON writes a control character with six. */
const LONGEST_REASON = '\u0001'.repeat(500)
const ROW_BYTES_MAX = 2_000_000

const captured: Payment = afterBank(newPayment({ goal: 'capture' }), approved(), approved('cap_1'))
const wanted = (changes: Partial<WantedRefund> = {}): WantedRefund => ({
  ...{ refundId: 'rf_1', amount: 1, reason: undefined },
  ...changes,
})

const withRefunds = (count: number): Payment => {
  const refunds = Array.from({ length: count }, (_, index) =>
    refundFor(captured, wanted({ refundId: `rf_${index}`, amount: 0.01, reason: LONGEST_REASON }), NOW),
  )
  return { ...captured, refunds: refunds.flatMap((refund) => (refund.ok ? [refund.value] : [])) }
}

describe('a refund', () => {
  it('is pending until the bank has made it', () => {
    expect(refundFor(captured, wanted({ reason: 'Broken.' }), NOW)).toEqual({
      ok: true,
      value: {
        refundId: 'rf_1',
        amountMinor: 100,
        reason: 'Broken.',
        requestedAt: NOW,
        state: 'pending',
        isNoted: false,
      },
    })
  })

  it.each([0.001, 1.005, 1e-7, 99_999_999_999.001])(
    'has no more decimals than its currency: %d',
    (amount) => {
      expect(refundFor(captured, wanted({ amount }), NOW)).toEqual({
        ok: false,
        reason: { code: 'invalid_amount', detail: 'must have no more decimals than USD has' },
      })
    },
  )

  it.each([150.01, 999_999_999_999_999, 9_000_000_000_000_000, 1e21, 1.5e21, Number.MAX_VALUE])(
    'is no more than what is left, however many digits it has: %d',
    (amount) => {
      expect(refundFor(captured, wanted({ amount }), NOW)).toEqual({
        ok: false,
        reason: { code: 'refund_exceeds_captured', detail: '150.00 USD is left to refund.' },
      })
    },
  )

  it('is one of a hundred at most, which fit into a row whatever their reasons', () => {
    const full = withRefunds(REFUNDS_MAX)
    expect(refundFor(full, wanted(), NOW)).toMatchObject({
      ok: false,
      reason: { code: 'refund_limit_reached' },
    })
    expect(JSON.stringify(full).length).toBeLessThan(ROW_BYTES_MAX / 4)
  })

  it('is refused as too much before it is refused as one too many', () => {
    const full = withRefunds(REFUNDS_MAX)
    expect(refundFor(full, wanted({ amount: 150 }), NOW)).toMatchObject({
      reason: { code: 'refund_exceeds_captured', detail: '149.00 USD is left to refund.' },
    })
  })
})
