import { describe, expect, it } from 'vitest'
import { AUTHORIZATION, customer } from '../../support/bank-customer.ts'
import { ORDER_ID } from '../../support/builders.ts'

describe('pm_card_visa', () => {
  it.each([
    ['authorize', [], [15_000, 0, 0]],
    ['capture', ['authorize'], [0, 15_000, 0]],
    ['void', ['authorize'], [0, 0, 0]],
    ['refund', ['authorize', 'capture'], [0, 15_000, 15_000]],
  ] as const)('lets %s succeed after %j', (...expected) => {
    const [operation, before, balance] = expected
    const { kindOf, balance: balanceNow } = customer('pm_card_visa')
    for (const each of before) kindOf(each)
    expect([kindOf(operation), balanceNow()]).toEqual(['succeeded', balance])
  })

  it('names the authorization that follows from it', () => {
    expect(customer('pm_card_visa').ask('authorize')).toEqual({
      answer: { kind: 'succeeded', reference: AUTHORIZATION },
      delayMs: 0,
      isLost: false,
    })
  })

  it('is what an order without a payment is paid with', () => {
    expect(customer().kindOf('authorize')).toBe('succeeded')
  })
})

describe('a card that declines', () => {
  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'The card was declined.'],
    [
      'pm_card_chargeDeclinedInsufficientFunds',
      'insufficient_funds',
      'The card was declined: insufficient funds.',
    ],
    ['pm_never_heard_of', 'resource_missing', 'The bank knows no such payment method.'],
  ])('%s: %s', (token, code, detail) => {
    const { ask, balance } = customer(token)
    expect(ask('authorize').answer).toEqual({ kind: 'declined', code, detail })
    expect(balance()).toEqual([0, 0, 0])
  })
})

describe('pm_sim_errorOnce', () => {
  it('errs once for each operation, and does nothing then', () => {
    const { kindOf, balance } = customer('pm_sim_errorOnce')
    expect([kindOf('authorize'), balance()]).toEqual(['error', [0, 0, 0]])
    expect([kindOf('authorize'), balance()]).toEqual(['succeeded', [15_000, 0, 0]])
    expect(['capture', 'capture', 'refund', 'refund'].map((each) => kindOf(each as 'capture'))).toEqual([
      'error',
      'succeeded',
      'error',
      'succeeded',
    ])
  })

  it('errs once, whether it is asked again under the same key or another', () => {
    const { kindOf } = customer('pm_sim_errorOnce')
    expect([kindOf('authorize', 1), kindOf('authorize', 2)]).toEqual(['error', 'succeeded'])
  })
})

describe('pm_sim_errorSticky', () => {
  it('errs for ever under the key that met it', () => {
    const { kindOf } = customer('pm_sim_errorSticky')
    expect([1, 1, 1, 1].map((key) => kindOf('authorize', key))).toEqual(['error', 'error', 'error', 'error'])
  })

  it('succeeds under another key, and still errs under the first', () => {
    const { kindOf, balance } = customer('pm_sim_errorSticky')
    expect([1, 2, 1].map((key) => kindOf('authorize', key))).toEqual(['error', 'succeeded', 'error'])
    expect(balance()).toEqual([15_000, 0, 0])
  })
})

describe('pm_sim_timeoutOnce', () => {
  it('authorizes, and its answer never arrives', () => {
    const { ask, balance } = customer('pm_sim_timeoutOnce')
    expect(ask('authorize')).toMatchObject({ isLost: true })
    expect(balance()).toEqual([15_000, 0, 0])
  })

  it('answers the same call under the same key the second time', () => {
    const { ask, bank } = customer('pm_sim_timeoutOnce')
    ask('authorize')
    expect(ask('authorize')).toEqual({
      answer: { kind: 'succeeded', reference: AUTHORIZATION },
      delayMs: 0,
      isLost: false,
    })
    expect(bank.books(ORDER_ID).entries).toHaveLength(1)
  })

  it('answers what follows', () => {
    const { ask } = customer('pm_sim_timeoutOnce')
    ask('authorize')
    expect(ask('capture')).toMatchObject({ answer: { kind: 'succeeded' }, isLost: false })
  })
})

describe('pm_sim_slow', () => {
  it('takes two seconds for every operation', () => {
    const { ask } = customer('pm_sim_slow')
    expect([ask('authorize').delayMs, ask('capture').delayMs]).toEqual([2_000, 2_000])
  })
})

describe('pm_sim_captureDeclined', () => {
  it('authorizes, refuses every capture, and lets go', () => {
    const { kindOf, balance } = customer('pm_sim_captureDeclined')
    const kinds = [kindOf('authorize'), kindOf('capture', 1), kindOf('capture', 2), kindOf('void')]
    expect(kinds).toEqual(['succeeded', 'declined', 'declined', 'succeeded'])
    expect(balance()).toEqual([0, 0, 0])
  })
})

describe('pm_sim_voidDeclined', () => {
  it('refuses every void, and the authorization stays held', () => {
    const { kindOf, balance } = customer('pm_sim_voidDeclined')
    const kinds = [kindOf('authorize'), kindOf('void', 1), kindOf('void', 2)]
    expect(kinds).toEqual(['succeeded', 'declined', 'declined'])
    expect(balance()).toEqual([15_000, 0, 0])
  })

  it('captures as usual', () => {
    const { kindOf, balance } = customer('pm_sim_voidDeclined')
    expect([kindOf('authorize'), kindOf('capture'), balance()]).toEqual([
      'succeeded',
      'succeeded',
      [0, 15_000, 0],
    ])
  })
})

describe('pm_sim_refundDeclined', () => {
  it('refuses every refund, and the money stays captured', () => {
    const { kindOf, balance } = customer('pm_sim_refundDeclined')
    const kinds = [kindOf('authorize'), kindOf('capture'), kindOf('refund', 1), kindOf('refund', 2)]
    expect(kinds).toEqual(['succeeded', 'succeeded', 'declined', 'declined'])
    expect(balance()).toEqual([0, 15_000, 0])
  })

  it('voids as usual', () => {
    const { kindOf, balance } = customer('pm_sim_refundDeclined')
    expect([kindOf('authorize'), kindOf('void'), balance()]).toEqual(['succeeded', 'succeeded', [0, 0, 0]])
  })
})

describe.each([
  ['pm_sim_captureErrorTwice', 'capture'],
  ['pm_sim_voidErrorTwice', 'void'],
] as const)('%s', (token, operation) => {
  it(`errs twice to ${operation}, over its keys`, () => {
    const { kindOf } = customer(token)
    const kinds = [kindOf('authorize'), kindOf(operation, 1), kindOf(operation, 2), kindOf(operation, 3)]
    expect(kinds).toEqual(['succeeded', 'error', 'error', 'succeeded'])
  })
})

describe('pm_sim_down', () => {
  it('begins an outage, in which the bank responds to no call; after its end all calls succeed', () => {
    const { bank, kindOf, balance } = customer('pm_sim_down', { isDemo: true })
    expect([kindOf('authorize', 1), kindOf('authorize', 1), kindOf('authorize', 2)]).toEqual([
      'error',
      'unknown',
      'unknown',
    ])
    expect([bank.books(ORDER_ID).isDown, balance()]).toEqual([true, [0, 0, 0]])
    bank.setOutage({ isDown: false })
    expect([kindOf('authorize', 1), kindOf('capture')]).toEqual(['succeeded', 'succeeded'])
    expect([bank.books(ORDER_ID).isDown, balance()]).toEqual([false, [0, 15_000, 0]])
  })

  it('is an unknown token where there is no demo, and no outage begins', () => {
    const { bank, kindOf } = customer('pm_sim_down')
    expect([kindOf('authorize'), bank.books(ORDER_ID).isDown]).toEqual(['declined', false])
  })
})

describe('an outage', () => {
  it('holds up the calls of every order, and does nothing to what the bank has in its books', () => {
    const { bank, kindOf, balance } = customer('pm_card_visa', { isDemo: true })
    kindOf('authorize')
    bank.setOutage({ isDown: true })
    bank.setOutage({ isDown: true })
    expect([kindOf('capture'), balance()]).toEqual(['unknown', [15_000, 0, 0]])
    bank.setOutage({ isDown: false })
    expect([kindOf('capture'), balance()]).toEqual(['succeeded', [0, 15_000, 0]])
  })
})
