import { describe, expect, it } from 'vitest'
import { type Payment, type Refund, refundable } from '../../../src/payment/payment.ts'
import { begin } from '../../../src/payment/steps.ts'
import { NOW, newPayment, ORDER_ID } from '../../support/builders.ts'
import { afterBank, approved, declined, noAnswer } from '../../support/payment-steps.ts'

const captured = afterBank(newPayment({ goal: 'capture' }), approved(), approved('cap_1'))
const refund = (refundId: string, amountMinor: number): Refund => ({
  refundId,
  amountMinor,
  requestedAt: NOW,
  state: 'pending',
  isNoted: false,
})
const withRefunds = (...refunds: Refund[]): Payment => ({ ...captured, refunds })
const nextOf = (payment: Payment) => begin(payment, NOW).directive
const statesOf = (payment: Payment) => payment.refunds.map(({ refundId, state }) => [refundId, state])

describe('a refund', () => {
  it('is made in its amount, under a key of its own', () => {
    expect(nextOf(withRefunds(refund('rf_1', 5_000)))).toMatchObject({
      call: { operation: 'refund', amountMinor: 5_000, idempotencyKey: `${ORDER_ID}/refund-rf_1/1` },
    })
  })

  it('of a part leaves the payment captured', () => {
    expect(afterBank(withRefunds(refund('rf_1', 5_000)), approved('ref_1'))).toMatchObject({
      status: 'captured',
      refundedMinor: 5_000,
      refunds: [{ refundId: 'rf_1', state: 'succeeded' }],
    })
  })

  it('is made after the one that was asked for first', () => {
    const payment = withRefunds(refund('rf_1', 5_000), refund('rf_2', 10_000))
    expect(nextOf(afterBank(payment, approved('ref_1')))).toMatchObject({
      call: { amountMinor: 10_000, idempotencyKey: `${ORDER_ID}/refund-rf_2/1` },
    })
  })

  it('of the rest leaves the payment refunded', () => {
    const payment = withRefunds(refund('rf_1', 5_000), refund('rf_2', 10_000))
    expect(afterBank(payment, approved('ref_1'), approved('ref_2'))).toMatchObject({
      status: 'refunded',
      refundedMinor: 15_000,
    })
  })

  it('that the bank declines fails, and the payment goes on', () => {
    const payment = afterBank(withRefunds(refund('rf_1', 5_000), refund('rf_2', 100)), declined)
    expect(statesOf(payment)).toEqual([
      ['rf_1', 'failed'],
      ['rf_2', 'pending'],
    ])
    expect(nextOf(payment)).toMatchObject({ call: { idempotencyKey: `${ORDER_ID}/refund-rf_2/1` } })
  })

  it('that the bank declines leaves its amount to be refunded', () => {
    expect(refundable(afterBank(withRefunds(refund('rf_1', 5_000)), declined))).toBe(15_000)
  })

  it('that is about to be made leaves less to be refunded', () => {
    expect(refundable(withRefunds(refund('rf_1', 5_000)))).toBe(10_000)
  })
})

describe('a cancellation with a refund', () => {
  const cancelled = (payment: Payment): Payment => ({ ...payment, goal: 'return' })

  it('pending gives back the rest beside it', () => {
    expect(begin(cancelled(withRefunds(refund('rf_1', 5_000))), NOW).payment.refunds).toEqual([
      refund('rf_1', 5_000),
      refund('cancellation', 10_000),
    ])
  })

  it('pending ends refunded once both are made', () => {
    const payment = cancelled(withRefunds(refund('rf_1', 5_000)))
    expect(afterBank(payment, approved('ref_1'), approved('ref_2'))).toMatchObject({
      status: 'refunded',
      refundedMinor: 15_000,
    })
  })

  it('open at the bank finishes that first', () => {
    const open = afterBank(withRefunds(refund('rf_1', 5_000)), noAnswer)
    expect(nextOf(cancelled(open))).toMatchObject({
      call: { amountMinor: 5_000, idempotencyKey: `${ORDER_ID}/refund-rf_1/1` },
    })
  })

  it('open at the bank gives back the rest after that', () => {
    const open = afterBank(withRefunds(refund('rf_1', 5_000)), noAnswer)
    expect(nextOf(afterBank(cancelled(open), approved('ref_1')))).toMatchObject({
      call: { amountMinor: 10_000, idempotencyKey: `${ORDER_ID}/refund-cancellation/1` },
    })
  })

  it('of all of it has nothing left to give back', () => {
    const refunded = afterBank(withRefunds(refund('rf_1', 15_000)), approved('ref_1'))
    expect(nextOf(cancelled(refunded))).toEqual({ kind: 'rest' })
  })

  it('that failed before gives all of it back', () => {
    const payment = afterBank(withRefunds(refund('rf_1', 5_000)), declined)
    expect(nextOf(cancelled(payment))).toMatchObject({ call: { amountMinor: 15_000 } })
  })
})

/** What is refused for good needs a person; what is not refused must not wait for that person. */
describe('a refund that the bank declined of a cancelled order', () => {
  const cancelled: Payment = { ...withRefunds(refund('rf_1', 5_000)), goal: 'return' }
  const stuck = afterBank({ ...captured, goal: 'return' }, declined)

  it('and that a client had asked for does not stop the rest', () => {
    expect(nextOf(afterBank(cancelled, declined))).toMatchObject({
      call: { amountMinor: 10_000, idempotencyKey: `${ORDER_ID}/refund-cancellation/1` },
    })
  })

  it('and that a client had asked for is tried once more as part of the cancellation', () => {
    expect(nextOf(afterBank(cancelled, declined, approved('ref_1')))).toMatchObject({
      call: { amountMinor: 5_000, idempotencyKey: `${ORDER_ID}/refund-cancellation-2/1` },
    })
  })

  it('and that a client had asked for leaves it refunded once all of it is back', () => {
    expect(afterBank(cancelled, declined, approved('ref_1'), approved('ref_2'))).toMatchObject({
      status: 'refunded',
      refundedMinor: 15_000,
    })
  })

  it('and that was the cancellation itself does not try for ever', () => {
    expect(nextOf(stuck)).toMatchObject({ kind: 'stuck' })
  })

  it('and that was the cancellation itself lets a person ask for another', () => {
    const asked: Payment = { ...stuck, refunds: [...stuck.refunds, refund('rf_1', 15_000)] }
    expect(nextOf(asked)).toMatchObject({
      call: { operation: 'refund', idempotencyKey: `${ORDER_ID}/refund-rf_1/1` },
    })
  })

  it('is stuck no longer once another has given all of it back', () => {
    const asked: Payment = { ...stuck, refunds: [...stuck.refunds, refund('rf_1', 15_000)] }
    const refunded = afterBank(asked, approved('ref_1'))
    expect(refunded).toMatchObject({ status: 'refunded', refundedMinor: 15_000 })
    expect(refunded).not.toHaveProperty('stuck')
  })
})
