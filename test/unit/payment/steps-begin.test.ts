import { describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import { begin, recordLookup, recordResult } from '../../../src/payment/steps.ts'
import { NOW, newPayment, ORDER_ID } from '../../support/builders.ts'
import { afterBank, approved, booked, books, declined, error, noAnswer } from '../../support/payment-steps.ts'

const key = (name: string) => `${ORDER_ID}/${name}`
const asked = (name: string, begunAt = NOW) => ({ idempotencyKey: key(name), begunAt })
const directiveAt = (payment: Payment, now = NOW) => begin(payment, now).directive
const HOUR_MS = 60 * MINUTE_MS

const authorized = afterBank(newPayment(), approved())
const captured = afterBank({ ...authorized, goal: 'capture' }, approved('cap_1'))

describe('the next step', () => {
  it('of a new payment is to authorize its amount with its token', () => {
    expect(directiveAt(newPayment())).toEqual({
      kind: 'call',
      call: {
        operation: 'authorize',
        orderId: ORDER_ID,
        amountMinor: 15_000,
        currency: 'USD',
        token: 'pm_card_visa',
        idempotencyKey: key('authorize/1'),
      },
      begunAt: NOW,
    })
  })

  it('of a payment without a token leaves the choice to the bank', () => {
    const { token: _token, ...payment } = newPayment()
    expect(directiveAt(payment)).not.toHaveProperty('call.token')
  })

  it('is stored before the call is made', () => {
    expect(begin(newPayment(), NOW).payment).toEqual(
      newPayment({
        step: {
          operation: 'authorize',
          keyNumber: 1,
          keyUsedAt: NOW,
          busyUntil: NOW + 10 * SECOND_MS,
          mustLookUp: false,
          begunAt: NOW,
          isAsked: true,
          faults: 0,
        },
        attempts: 1,
        revision: 2,
      }),
    )
  })

  it('of a confirmed order is to capture what was authorized', () => {
    expect(directiveAt({ ...authorized, goal: 'capture' })).toEqual({
      kind: 'call',
      call: {
        operation: 'capture',
        orderId: ORDER_ID,
        amountMinor: 15_000,
        currency: 'USD',
        authorizationId: 'auth_1',
        idempotencyKey: key('capture/1'),
      },
      begunAt: NOW,
    })
  })

  it('of a cancelled order is to void what was authorized', () => {
    expect(directiveAt({ ...authorized, goal: 'return' })).toMatchObject({
      call: { operation: 'void', authorizationId: 'auth_1', idempotencyKey: key('void/1') },
    })
  })

  it('of a cancelled order is to refund what was captured', () => {
    expect(directiveAt({ ...captured, goal: 'return' })).toMatchObject({
      call: {
        operation: 'refund',
        amountMinor: 15_000,
        authorizationId: 'auth_1',
        idempotencyKey: key('refund-cancellation/1'),
      },
    })
  })

  it('of an order confirmed before its authorization is the authorization', () => {
    expect(directiveAt(newPayment({ goal: 'capture' }))).toMatchObject({ call: { operation: 'authorize' } })
  })
})

describe('nothing is to be done about a payment', () => {
  it.each<[string, Payment]>([
    ['authorized for a pending order', authorized],
    ['captured for a confirmed order', captured],
    ['declined for a confirmed order', { ...afterBank(newPayment(), declined), goal: 'capture' }],
    ['declined for a cancelled order', { ...afterBank(newPayment(), declined), goal: 'return' }],
    ['voided', { ...afterBank({ ...authorized, goal: 'return' }, approved()), goal: 'return' }],
    ['refunded', afterBank({ ...captured, goal: 'return' }, approved('ref_1'))],
  ])('%s', (_, payment) => {
    expect(begin(payment, NOW)).toEqual({ payment, directive: { kind: 'rest' } })
  })

  it('let go before it came, which counts as voided', () => {
    const { token: _never, ...tombstone } = newPayment({ goal: 'return' })
    expect(begin(newPayment({ goal: 'return' }), NOW + 1)).toEqual({
      payment: { ...tombstone, status: 'voided', revision: 2, changedAt: NOW + 1 },
      directive: { kind: 'rest' },
    })
  })
})

describe('a step that another Worker has begun', () => {
  const open = begin(newPayment(), NOW).payment

  it('is left to them for ten seconds', () => {
    expect(directiveAt(open, NOW + 1)).toEqual({ kind: 'wait', seconds: 10 })
  })

  it('is left to them to the last of it, for a second at least', () => {
    expect(directiveAt(open, NOW + 10 * SECOND_MS - 1)).toEqual({ kind: 'wait', seconds: 1 })
  })

  it('changes nothing for a caller that asks meanwhile', () => {
    expect(begin(open, NOW + 1).payment).toBe(open)
  })

  it('is begun again after that, under the same key', () => {
    expect(directiveAt(open, NOW + 10 * SECOND_MS)).toMatchObject({
      kind: 'call',
      call: { operation: 'authorize', idempotencyKey: key('authorize/1') },
    })
  })

  it('is finished before any other, even when the order was cancelled', () => {
    const cancelled: Payment = { ...open, goal: 'return' }
    expect(directiveAt(cancelled, NOW + 10 * SECOND_MS)).toMatchObject({ call: { operation: 'authorize' } })
  })

  it('takes no other key for half a minute after that: the call may still be on its way', () => {
    const LATER = NOW + 10 * SECOND_MS
    const again = begin(open, LATER).payment
    const failed = begin(recordResult(again, asked('authorize/1', LATER), error, LATER), LATER).payment
    const payment = recordLookup(failed, asked('authorize/1', LATER), books(), LATER)
    expect(directiveAt(payment, LATER)).toEqual({ kind: 'wait', seconds: 30 })
  })

  it('still has its key after 23 hours', () => {
    expect(directiveAt(open, NOW + 23 * HOUR_MS)).toMatchObject({ kind: 'call' })
  })

  it('is looked up first once the bank may have forgotten its key', () => {
    expect(directiveAt(open, NOW + 23 * HOUR_MS + 1)).toEqual({
      kind: 'lookUp',
      orderId: ORDER_ID,
      currency: 'USD',
      idempotencyKey: key('authorize/1'),
      begunAt: NOW + 23 * HOUR_MS + 1,
    })
  })

  it('keeps the age of its key when it is begun again', () => {
    const again = begin(open, NOW + 22 * HOUR_MS).payment
    expect(directiveAt(again, NOW + 24 * HOUR_MS)).toMatchObject({ kind: 'lookUp' })
  })
})

describe('a step that was taken over from a late Worker', () => {
  const LATER = NOW + 10 * SECOND_MS
  const calling = begin(begin(newPayment(), NOW).payment, LATER).payment
  const failed = recordResult(begin(newPayment(), NOW).payment, asked('authorize/1'), error, NOW)
  const lookingUp = begin(begin(failed, NOW).payment, LATER).payment

  it.each([error, noAnswer])(
    'stays leased although they are told late that nothing is known: $kind',
    (answer) => {
      expect(recordResult(calling, asked('authorize/1'), answer, LATER + 1)).toBe(calling)
    },
  )

  it('is done when a late report says so', () => {
    const payment = recordResult(calling, asked('authorize/1'), approved(), LATER + 1)
    expect(payment).toMatchObject({ status: 'authorized' })
  })

  it('takes no other key because of books that they read before', () => {
    expect(recordLookup(lookingUp, asked('authorize/1'), books(), LATER + 1)).toBe(lookingUp)
  })

  it('is done when it is in books that they read before', () => {
    const found = books(booked('authorize', 'authorize/1'))
    expect(recordLookup(lookingUp, asked('authorize/1'), found, LATER + 1)).toMatchObject({
      status: 'authorized',
    })
  })
})

describe('an answer to a call that is no longer open', () => {
  it('changes nothing when no call is', () => {
    expect(recordResult(authorized, asked('authorize/1'), approved('auth_2'), NOW)).toBe(authorized)
  })

  it('changes nothing when another call is', () => {
    const capturing = begin({ ...authorized, goal: 'capture' }, NOW).payment
    expect(recordResult(capturing, asked('authorize/1'), declined, NOW)).toBe(capturing)
  })

  it('changes nothing when the same step is open under a newer key', () => {
    const renewed = afterBank(newPayment(), error, { kind: 'found', records: [] })
    expect(recordResult(renewed, asked('authorize/1'), approved(), NOW)).toBe(renewed)
  })
})
