import { describe, expect, it } from 'vitest'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Payment } from '../../../src/payment/payment.ts'
import { begin, recordLookup, recordResult } from '../../../src/payment/steps.ts'
import { NOW, newPayment, ORDER_ID } from '../../support/builders.ts'
import { afterBank, approved, booked, books, declined, error } from '../../support/payment-steps.ts'

const key = (name: string) => `${ORDER_ID}/${name}`
const asked = (name: string, begunAt = NOW) => ({ idempotencyKey: key(name), begunAt })
const nextOf = (payment: Payment) => begin(payment, NOW).directive
const cancelled = (payment: Payment): Payment => ({ ...payment, goal: 'return' })

const authorized = afterBank(newPayment(), approved())
const confirmed: Payment = { ...authorized, goal: 'capture' }

describe('a cancellation while the authorization is open', () => {
  const open = cancelled(begin(newPayment(), NOW).payment)

  it('waits for its outcome', () => {
    expect(nextOf(open)).toEqual({ kind: 'wait', seconds: 10 })
  })

  it('concludes nothing meanwhile', () => {
    expect(begin(open, NOW).payment).toBe(open)
  })

  it('voids it once it is known to have succeeded', () => {
    const payment = recordResult(open, asked('authorize/1'), approved(), NOW)
    expect(nextOf(payment)).toMatchObject({ call: { operation: 'void', authorizationId: 'auth_1' } })
  })

  it('has nothing to undo where it was declined', () => {
    const payment = recordResult(open, asked('authorize/1'), declined, NOW)
    expect(begin(payment, NOW)).toMatchObject({
      directive: { kind: 'rest' },
      payment: { status: 'declined' },
    })
  })

  it('has nothing to undo where the books say that nothing was done', () => {
    const failed = recordResult(open, asked('authorize/1'), error, NOW)
    const payment = recordLookup(begin(failed, NOW).payment, asked('authorize/1'), books(), NOW)
    expect(begin(payment, NOW)).toMatchObject({ directive: { kind: 'rest' }, payment: { status: 'voided' } })
  })

  it('closes the intent that the bank has opened, although nothing was authorized: it could be confirmed later', () => {
    const opened = recordResult(open, asked('authorize/1'), { kind: 'opened', reference: 'pi_1' }, NOW)
    const failed = recordResult(begin(opened, NOW).payment, asked('authorize/1'), error, NOW)
    const nothingDone = recordLookup(begin(failed, NOW).payment, asked('authorize/1'), books(), NOW)
    expect(nextOf(nothingDone)).toMatchObject({ call: { operation: 'void', authorizationId: 'pi_1' } })
    const closed = recordResult(begin(nothingDone, NOW).payment, asked('void/1'), approved('pi_1'), NOW)
    expect(begin(closed, NOW)).toMatchObject({ directive: { kind: 'rest' }, payment: { status: 'voided' } })
  })

  it('voids it where the books say that it was done', () => {
    const failed = recordResult(open, asked('authorize/1'), error, NOW)
    const found = books(booked('authorize', 'authorize/1'))
    const payment = recordLookup(begin(failed, NOW).payment, asked('authorize/1'), found, NOW)
    expect(nextOf(payment)).toMatchObject({ call: { operation: 'void' } })
  })
})

describe('a cancellation while the capture is open', () => {
  const open = cancelled(begin(confirmed, NOW).payment)

  it('waits for its outcome', () => {
    expect(nextOf(open)).toEqual({ kind: 'wait', seconds: 10 })
  })

  it('refunds it once it is known to have succeeded', () => {
    const payment = recordResult(open, asked('capture/1'), approved('cap_1'), NOW)
    expect(nextOf(payment)).toMatchObject({ call: { operation: 'refund', amountMinor: 15_000 } })
  })

  it('voids what is held where it was declined', () => {
    const payment = recordResult(open, asked('capture/1'), declined, NOW)
    expect(nextOf(payment)).toMatchObject({ call: { operation: 'void' } })
  })

  it('voids what is held, and does not capture again, where the books say that nothing was done', () => {
    const failed = recordResult(open, asked('capture/1'), error, NOW)
    const payment = recordLookup(begin(failed, NOW).payment, asked('capture/1'), books(), NOW)
    expect(nextOf(payment)).toMatchObject({ call: { operation: 'void', idempotencyKey: key('void/1') } })
  })

  it('asks for the outcome under the same key when its lease holder is gone', () => {
    expect(begin(open, NOW + 10 * SECOND_MS).directive).toMatchObject({
      call: { operation: 'capture', idempotencyKey: key('capture/1') },
    })
  })
})

describe('a cancellation while the void after a refused capture is open', () => {
  it('lets the payment end failed', () => {
    const voiding = cancelled(begin(afterBank(confirmed, declined), NOW).payment)
    expect(recordResult(voiding, asked('void/1'), approved(), NOW)).toMatchObject({ status: 'failed' })
  })
})

describe('a cancellation', () => {
  const captured = afterBank(confirmed, approved('cap_1'))

  it('is refunded once', () => {
    const refunded = afterBank(cancelled(captured), approved('ref_1'))
    expect(begin(refunded, NOW)).toEqual({ payment: refunded, directive: { kind: 'rest' } })
  })

  it('makes a refund of its own', () => {
    expect(begin(cancelled(captured), NOW).payment.refunds).toEqual([
      {
        refundId: 'cancellation',
        amountMinor: 15_000,
        requestedAt: NOW,
        state: 'pending',
        isNoted: false,
      },
    ])
  })

  it('has nothing to give back where the capture was refused', () => {
    const failed = afterBank(confirmed, declined, approved())
    expect(nextOf(cancelled(failed))).toEqual({ kind: 'rest' })
  })

  it('voids under a new key after an error', () => {
    const payment = afterBank(cancelled(authorized), error, books())
    expect(nextOf(payment)).toMatchObject({ call: { operation: 'void', idempotencyKey: key('void/2') } })
  })
})
