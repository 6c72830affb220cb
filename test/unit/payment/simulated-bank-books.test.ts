import { describe, expect, it } from 'vitest'
import type { BankCall } from '../../../src/payment/bank.ts'
import { SimulatedBank } from '../../../workers/payment/gateways/simulated-bank.ts'
import { AUTHORIZATION, customer } from '../../support/bank-customer.ts'
import { NOW, ORDER_ID } from '../../support/builders.ts'
import { createMemoryHost } from '../../support/memory-host.ts'

describe('a call repeated under its key', () => {
  it('is one operation with one answer', () => {
    const { ask, bank, balance } = customer('pm_card_visa')
    ask('authorize')
    const first = ask('capture')
    expect([ask('capture'), ask('capture')]).toEqual([first, first])
    expect(bank.books(ORDER_ID).entries.map(({ operation }) => operation)).toEqual(['authorize', 'capture'])
    expect(balance()).toEqual([0, 15_000, 0])
  })

  it('is declined as it was the first time', () => {
    const { ask } = customer('pm_card_chargeDeclined')
    expect(ask('authorize')).toEqual(ask('authorize'))
  })

  it('is one operation also within one batch', () => {
    const { bank } = customer()
    const call: BankCall = {
      operation: 'authorize',
      orderId: ORDER_ID,
      amountMinor: 15_000,
      currency: 'USD',
      idempotencyKey: 'key',
    }
    const [first, second] = bank.perform([call, call])
    expect(second).toEqual(first)
    expect(bank.books(ORDER_ID).entries).toHaveLength(1)
  })

  it('belongs to its order', () => {
    const { bank } = customer()
    const call = { operation: 'authorize', amountMinor: 1, currency: 'USD', idempotencyKey: 'key' } as const
    bank.perform([
      { ...call, orderId: 'a' },
      { ...call, orderId: 'b' },
    ])
    expect([bank.books('a').heldMinor, bank.books('b').heldMinor]).toEqual([1, 1])
  })
})

describe('the bank never gives more than there is', () => {
  it.each([
    ['a capture above what is held', ['authorize'], 'capture', 15_001],
    ['a second capture', ['authorize', 'capture'], 'capture', 1],
    ['a capture after the void', ['authorize', 'void'], 'capture', 1],
    ['a void after the capture', ['authorize', 'capture'], 'void', 1],
    ['a refund before the capture', ['authorize'], 'refund', 1],
    ['a refund above what was captured', ['authorize', 'capture'], 'refund', 15_001],
    ['a refund after all was given back', ['authorize', 'capture', 'refund'], 'refund', 1],
  ] as const)('%s', (_, before, operation, amountMinor) => {
    const { ask, kindOf, balance } = customer('pm_card_visa')
    for (const each of before) kindOf(each)
    const balanceBefore = balance()
    const { answer } = ask(operation, { amountMinor, idempotencyKey: 'another key' })
    expect(answer).toMatchObject({ kind: 'declined', code: 'invalid_state' })
    expect(balance()).toEqual(balanceBefore)
  })

  it('a capture of an authorization that it never gave', () => {
    const { ask } = customer('pm_card_visa')
    ask('authorize')
    expect(ask('capture', { authorizationId: 'sim_other_1' }).answer).toMatchObject({ kind: 'declined' })
  })

  it('refunds in parts up to what was captured', () => {
    const { ask, kindOf, balance } = customer('pm_card_visa')
    kindOf('authorize')
    kindOf('capture')
    const part = (key: string, amountMinor: number) =>
      ask('refund', { amountMinor, idempotencyKey: key }).answer.kind
    expect([part('1', 10_000), part('2', 5_001), part('3', 5_000)]).toEqual([
      'succeeded',
      'declined',
      'succeeded',
    ])
    expect(balance()).toEqual([0, 15_000, 15_000])
  })
})

describe('the books', () => {
  it('of an order that is unknown to the bank are empty', () => {
    expect(customer().bank.books('x')).toEqual({
      entries: [],
      isDown: false,
      currency: undefined,
      heldMinor: 0,
      capturedMinor: 0,
      refundedMinor: 0,
    })
  })

  it('have every operation in its order, with when it was last tried', () => {
    const memory = createMemoryHost()
    const bank = new SimulatedBank(memory.host)
    const call: BankCall = {
      operation: 'authorize',
      orderId: ORDER_ID,
      amountMinor: 15_000,
      currency: 'USD',
      token: 'pm_sim_errorOnce',
      idempotencyKey: 'key',
    }
    bank.perform([call])
    memory.advance(1_000)
    bank.perform([call])
    expect(bank.books(ORDER_ID).entries).toEqual([
      {
        operation: 'authorize',
        idempotencyKey: 'key',
        amountMinor: 15_000,
        currency: 'USD',
        authorizationId: AUTHORIZATION,
        behaviour: 'errs once',
        outcome: 'succeeded',
        reference: AUTHORIZATION,
        detail: '',
        faults: 1,
        at: NOW + 1_000,
      },
    ])
  })

  it('do not count what failed', () => {
    const { kindOf, bank } = customer('pm_sim_errorSticky')
    kindOf('authorize', 1)
    kindOf('authorize', 2)
    expect(bank.books(ORDER_ID)).toMatchObject({
      entries: [{ outcome: 'failed' }, { outcome: 'succeeded' }],
      heldMinor: 15_000,
    })
  })

  it('survive a restart of the bank', () => {
    const memory = createMemoryHost()
    const call: BankCall = {
      operation: 'authorize',
      orderId: ORDER_ID,
      amountMinor: 15_000,
      currency: 'USD',
      idempotencyKey: 'key',
    }
    const [first] = new SimulatedBank(memory.host).perform([call])
    const [again] = new SimulatedBank(memory.host).perform([call])
    expect(again).toEqual(first)
  })
})
