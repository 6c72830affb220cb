import { describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import { begin, recordLookup } from '../../../src/payment/steps.ts'
import { NOW, newPayment, ORDER_ID } from '../../support/builders.ts'
import { afterBank, approved, booked, books, declined, error, noAnswer } from '../../support/payment-steps.ts'

const key = (name: string) => `${ORDER_ID}/${name}`
const asked = (name: string, begunAt = NOW) => ({ idempotencyKey: key(name), begunAt })
const nextOf = (payment: Payment, now = NOW) => begin(payment, now).directive
const REFUSAL = { code: 'card_declined', detail: 'No.' }

const authorized = afterBank(newPayment(), approved())
const confirmed: Payment = { ...authorized, goal: 'capture' }
const captured = afterBank(confirmed, approved('cap_1'))

describe('the bank approves', () => {
  it('an authorization, whose name is kept for what follows, and the token no longer', () => {
    const { payment: begun } = begin(newPayment(), NOW)
    const { step: _done, token: _used, ...rest } = begun
    expect(authorized).toEqual({ ...rest, status: 'authorized', authorizationId: 'auth_1', revision: 3 })
  })

  it('a capture of the whole amount', () => {
    expect(captured).toMatchObject({ status: 'captured', capturedMinor: 15_000, authorizationId: 'auth_1' })
  })

  it('a void', () => {
    const voided = afterBank({ ...authorized, goal: 'return' }, approved('void_1'))
    expect(voided).toMatchObject({ status: 'voided', capturedMinor: 0, refundedMinor: 0 })
  })

  it('a refund of all', () => {
    const refunded = afterBank({ ...captured, goal: 'return' }, approved('ref_1'))
    expect(refunded).toMatchObject({ status: 'refunded', refundedMinor: 15_000 })
  })

  it('and the step is done', () => {
    expect(captured).not.toHaveProperty('step')
  })
})

describe('the bank declines', () => {
  it('an authorization: the payment ends declined, with the reason', () => {
    expect(afterBank(newPayment(), declined)).toMatchObject({ status: 'declined', refusal: REFUSAL })
  })

  it('a capture: what is held is voided first', () => {
    expect(nextOf(afterBank(confirmed, declined))).toMatchObject({
      call: { operation: 'void', authorizationId: 'auth_1' },
    })
  })

  it('a capture: then the payment ends failed, with the reason', () => {
    expect(afterBank(confirmed, declined, approved())).toMatchObject({ status: 'failed', refusal: REFUSAL })
  })

  it('a capture and the void after it: the payment ends failed all the same', () => {
    const other = { ...declined, detail: 'Nothing to void.' }
    expect(afterBank(confirmed, declined, other)).toMatchObject({ status: 'failed', refusal: REFUSAL })
  })

  it('the void of a cancelled order: a person has to look', () => {
    const stuck = afterBank({ ...authorized, goal: 'return' }, declined)
    expect(stuck).toMatchObject({ status: 'authorized', stuck: REFUSAL })
    expect(nextOf(stuck)).toEqual({ kind: 'stuck', refusal: REFUSAL })
  })

  it('the refund of a cancelled order: a person has to look', () => {
    const stuck = afterBank({ ...captured, goal: 'return' }, declined)
    expect(stuck).toMatchObject({ status: 'captured', stuck: REFUSAL })
    expect(nextOf(stuck)).toEqual({ kind: 'stuck', refusal: REFUSAL })
  })
})

describe('the bank answers with an error', () => {
  it('so its books are read before it is asked again', () => {
    expect(nextOf(afterBank(newPayment(), error))).toEqual({
      kind: 'lookUp',
      orderId: ORDER_ID,
      currency: 'USD',
      idempotencyKey: key('authorize/1'),
      begunAt: NOW,
    })
  })

  it('and did nothing: it is asked again at once under a new key', () => {
    expect(nextOf(afterBank(newPayment(), error, books()))).toMatchObject({
      kind: 'call',
      call: { idempotencyKey: key('authorize/2') },
    })
  })

  it('and did it after all: that counts', () => {
    const payment = afterBank(newPayment(), error, books(booked('authorize', 'authorize/1')))
    expect(payment).toMatchObject({ status: 'authorized', authorizationId: 'auth_1' })
  })

  it('to a second key, and had done it under the first: that counts', () => {
    const found = books(booked('authorize', 'authorize/1'), booked('authorize', 'authorize/2', 'failed'))
    expect(afterBank(newPayment(), error, books(), error, found)).toMatchObject({ status: 'authorized' })
  })

  it.each([
    ['failed', booked('authorize', 'authorize/1', 'failed')],
    ['declined', booked('authorize', 'authorize/1', 'declined')],
    ['another step', booked('capture', 'capture/1')],
    ['another order', { ...booked('authorize', 'authorize/1'), idempotencyKey: 'x/authorize/1' }],
  ])('and what is in its books is %s: that does not count', (_, record) => {
    expect(afterBank(newPayment(), error, books(record))).toMatchObject({ status: 'pending' })
  })

  it('and its books do not answer either: they are read again', () => {
    expect(nextOf(afterBank(newPayment(), error, { kind: 'unknown', detail: 'down' }))).toMatchObject({
      kind: 'lookUp',
      idempotencyKey: key('authorize/1'),
    })
  })

  it('to one refund, and had made another: that does not count', () => {
    const refund = (refundId: string) => ({
      ...{ refundId, amountMinor: 100, requestedAt: NOW, state: 'pending' as const, isNoted: false },
    })
    const asked = { ...captured, refunds: [refund('rf_1'), refund('rf_11')] }
    const payment = afterBank(asked, error, books(booked('refund', 'refund-rf_11/1')))
    expect(payment.refunds.map(({ state }) => state)).toEqual(['pending', 'pending'])
  })
})

describe('the bank does not answer', () => {
  it('so it is asked again under the same key', () => {
    expect(nextOf(afterBank(newPayment(), noAnswer))).toMatchObject({
      kind: 'call',
      call: { operation: 'authorize', idempotencyKey: key('authorize/1') },
    })
  })

  it('once: nothing about the money is concluded', () => {
    expect(afterBank(newPayment(), noAnswer)).toMatchObject({
      status: 'pending',
      step: { operation: 'authorize', keyNumber: 1, faults: 1 },
    })
  })

  it('and the answer then comes under the same key: that is the outcome', () => {
    expect(afterBank(newPayment(), noAnswer, approved())).toMatchObject({ status: 'authorized' })
  })

  it('so no other key is taken for half a minute: the call may still be on its way', () => {
    const payment = afterBank(newPayment(), noAnswer, error, books())
    expect(nextOf(payment)).toEqual({ kind: 'wait', seconds: 30 })
  })

  it('and after half a minute its books are read again', () => {
    const payment = afterBank(newPayment(), noAnswer, error, books())
    expect(nextOf(payment, NOW + 30 * SECOND_MS)).toMatchObject({
      kind: 'lookUp',
      idempotencyKey: key('authorize/1'),
    })
  })

  it('and its books were read before the half minute was over: they are read again, however late they are recorded', () => {
    const begun = begin(afterBank(newPayment(), noAnswer, error), NOW + 29 * SECOND_MS).payment
    const reading = asked('authorize/1', NOW + 29 * SECOND_MS)
    const recorded = recordLookup(begun, reading, books(), NOW + 31 * SECOND_MS)
    expect(nextOf(recorded, NOW + 31 * SECOND_MS)).toMatchObject({
      kind: 'lookUp',
      idempotencyKey: key('authorize/1'),
    })
  })

  it('and did it late: that counts', () => {
    const payment = begin(afterBank(newPayment(), noAnswer, error, books()), NOW + 30 * SECOND_MS).payment
    const found = books(booked('authorize', 'authorize/1'))
    const recorded = recordLookup(payment, asked('authorize/1'), found, NOW + 30 * SECOND_MS)
    expect(recorded).toMatchObject({ status: 'authorized' })
  })

  it('and never did it: another key is taken then', () => {
    const payment = begin(afterBank(newPayment(), noAnswer, error, books()), NOW + 30 * SECOND_MS).payment
    const recorded = recordLookup(
      payment,
      asked('authorize/1', NOW + 30 * SECOND_MS),
      books(),
      NOW + 30 * SECOND_MS,
    )
    expect(nextOf(recorded, NOW + 30 * SECOND_MS)).toMatchObject({
      call: { idempotencyKey: key('authorize/2') },
    })
  })

  it('and a look-up was due: it still is', () => {
    const payment = afterBank(newPayment(), error, { kind: 'unknown', detail: 'down' }, books())
    expect(nextOf(payment)).toMatchObject({ call: { idempotencyKey: key('authorize/2') } })
  })
})

describe('faults of the bank', () => {
  const afterFaults = (count: number): Payment =>
    Array.from({ length: count }, () => noAnswer).reduce(
      (payment, answer) => afterBank(idle(payment), answer),
      newPayment(),
    )

  /** As if the pause were over. */
  const idle = (payment: Payment): Payment =>
    payment.step === undefined ? payment : { ...payment, step: { ...payment.step, busyUntil: NOW } }

  it.each([1, 2, 3])('up to three are met at once: %d', (faults) => {
    expect(nextOf(afterFaults(faults))).toMatchObject({ kind: 'call' })
  })

  it.each([
    [4, 2],
    [5, 4],
    [6, 8],
    [7, 16],
    [8, 30],
    [9, 30],
    [100, 30],
  ])('after %d of them the bank is left alone for %d seconds', (faults, seconds) => {
    expect(nextOf(afterFaults(faults))).toEqual({ kind: 'wait', seconds })
  })

  it('are counted over the keys of a step, so that a bank that is down is not hammered', () => {
    const payment = afterBank(newPayment(), error, books(), error, books(), error, books(), error)
    expect(nextOf(payment)).toEqual({ kind: 'wait', seconds: 2 })
  })

  it('are forgotten with the step', () => {
    const payment = afterBank(newPayment({ goal: 'capture' }), noAnswer, noAnswer, noAnswer, approved())
    expect(begin(payment, NOW).payment.step).toMatchObject({ operation: 'capture', faults: 0 })
  })

  it('leave a pause that ends', () => {
    expect(nextOf(afterFaults(9), NOW + 30 * SECOND_MS)).toMatchObject({ kind: 'call' })
  })
})

describe('a look-up for a step that is no longer open', () => {
  it('changes nothing', () => {
    const found = books(booked('authorize', 'authorize/1'))
    expect(recordLookup(authorized, asked('authorize/1'), found, NOW)).toBe(authorized)
  })
})
