import { describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../../src/kernel/instant.ts'
import type { BankCall, BankOperation } from '../../../src/payment/bank.ts'
import { ORDER_ID } from '../../support/builders.ts'
import { DESCRIBED_OPERATIONS } from '../../support/stripe/description.ts'
import type { StripeFault } from '../../support/stripe/stripe-mock.ts'
import { checkStripeCalls, createStripeWorld } from '../../support/stripe/stripe-world.ts'
import { NEEDS_CUSTOMER_ALL_THE_SAME } from '../../support/stripe/tokens.ts'

checkStripeCalls()

const HOUR_MS = 60 * MINUTE_MS

const CALLS: Record<BankOperation, string> = {
  authorize: 'PostPaymentIntentsIntentConfirm',
  capture: 'PostPaymentIntentsIntentCapture',
  void: 'PostPaymentIntentsIntentCancel',
  refund: 'PostRefunds',
}

const createOrder = (token = 'pm_card_visa', amountMinor = 15_000, currency = 'USD') => {
  const world = createStripeWorld()
  let intentId: string | undefined
  const call = (operation: BankOperation, changes: Partial<BankCall> = {}) =>
    world.bank.perform({
      ...{ operation, orderId: ORDER_ID, amountMinor, currency },
      ...(operation === 'authorize' && { token }),
      ...(intentId !== undefined && { authorizationId: intentId }),
      idempotencyKey: `${ORDER_ID}/${operation}/1`,
      ...changes,
    })
  return Object.assign(world, {
    call,
    open: async () => {
      const result = await call('authorize')
      if (result.kind === 'opened') intentId = result.reference
      return result
    },
    lookUp: () =>
      world.bank.lookUp({
        ...{ orderId: ORDER_ID, currency },
        ...(intentId !== undefined && { authorizationId: intentId }),
      }),
  })
}

/** An order on its way to `operation`, which is not made yet. */
const orderBefore = async (operation: BankOperation) => {
  const order = createOrder()
  await order.open()
  if (operation !== 'authorize') await order.call('authorize')
  if (operation === 'refund') await order.call('capture')
  return order
}

const OPERATIONS = Object.keys(CALLS) as BankOperation[]

describe('an authorization', () => {
  it('makes an intent without a card first, which holds no money, and says its id', async () => {
    const { open, mock } = createOrder()
    const opened = await open()
    expect(mock.intents()).toMatchObject([
      { id: 'reference' in opened ? opened.reference : '', status: 'requires_payment_method', charge: null },
    ])
    expect(opened.kind).toBe('opened')
  })

  it('makes one intent under one key, however often its response is lost', async () => {
    const { open, mock } = createOrder()
    mock.next('lost response')
    mock.next('lost response')
    expect([(await open()).kind, (await open()).kind, (await open()).kind]).toEqual([
      ...['unknown', 'unknown', 'opened'],
    ])
    expect(mock.intents()).toHaveLength(1)
  })

  it('has the id of its intent', async () => {
    const order = await orderBefore('authorize')
    expect(await order.call('authorize')).toEqual({
      ...{ kind: 'succeeded', reference: order.mock.intents()[0]?.id },
    })
  })

  it.each([
    ['pm_card_chargeDeclined', 'card_declined'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_card_details'],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error'],
    ['pm_of_nobody', 'resource_missing'],
  ])('of %s is declined as %s', async (token, code) => {
    const order = createOrder(token)
    await order.open()
    expect(await order.call('authorize')).toMatchObject({ kind: 'declined', code })
  })

  it('of a lost card tells nobody that the card is lost', async () => {
    const order = createOrder('pm_card_chargeDeclinedLostCard')
    await order.open()
    expect(await order.call('authorize')).toEqual({
      ...{ kind: 'declined', code: 'card_declined', detail: 'The card was declined.' },
    })
  })

  it.each(['pm_card_authenticationRequired', NEEDS_CUSTOMER_ALL_THE_SAME])(
    'of %s, which the customer would have to confirm, is declined, and its intent is canceled',
    async (token) => {
      const order = createOrder(token)
      await order.open()
      expect(await order.call('authorize')).toMatchObject({
        kind: 'declined',
        code: 'authentication_required',
      })
      expect(order.mock.intents()).toMatchObject([{ status: 'canceled' }])
    },
  )

  it('is not declined before its intent is canceled', async () => {
    const order = createOrder(NEEDS_CUSTOMER_ALL_THE_SAME)
    await order.open()
    order.mock.next('no connection', CALLS.void)
    expect((await order.call('authorize')).kind).toBe('unknown')
    expect((await order.call('authorize')).kind).toBe('declined')
    expect(order.mock.intents()).toMatchObject([{ status: 'canceled' }])
  })

  it('is not declined where Stripe refuses to cancel its intent: the customer could confirm it later', async () => {
    const order = createOrder(NEEDS_CUSTOMER_ALL_THE_SAME)
    await order.open()
    order.mock.next('refusal', CALLS.void)
    expect((await order.call('authorize')).kind).toBe('error')
  })

  it('of an amount that Stripe does not have is declined without a call', async () => {
    const { call, mock } = createOrder('pm_card_visa', 5_124, 'KWD')
    expect(await call('authorize')).toMatchObject({ kind: 'declined', code: 'amount_not_chargeable' })
    expect(mock.checked()).toEqual({})
  })
})

describe('the fault of a call', () => {
  const meet = async (operation: BankOperation, fault: StripeFault) => {
    const order = await orderBefore(operation)
    order.mock.next(fault, CALLS[operation])
    return { order, first: await order.call(operation) }
  }

  it.each(OPERATIONS)(
    'without a response leaves %s unknown, and the same key carries it out once',
    async (operation) => {
      for (const fault of [
        'no connection',
        'lost response',
        'key in use',
        'rate limit',
        'wrong key',
      ] as const) {
        const { order, first } = await meet(operation, fault)
        expect([fault, first.kind]).toEqual([fault, 'unknown'])
        expect((await order.call(operation)).kind).toBe('succeeded')
        expect(countOf(await order.lookUp(), operation)).toBe(1)
      }
    },
  )

  it.each(OPERATIONS)(
    'of Stripe stays under the key of %s: the next key carries it out once',
    async (operation) => {
      for (const fault of ['sticky error', 'sticky error, but done'] as const) {
        const { order, first } = await meet(operation, fault)
        expect([first.kind, (await order.call(operation)).kind]).toEqual(['error', 'error'])
        // Only a look-up that sees the first refund keeps a second one from being made.
        expect('mayShowLate' in first).toBe(operation === 'refund')
        if (operation === 'refund' && fault === 'sticky error, but done') continue
        const again = await order.call(operation, { idempotencyKey: `${ORDER_ID}/${operation}/2` })
        expect([fault, again.kind]).toEqual([fault, 'succeeded'])
        expect(countOf(await order.lookUp(), operation)).toBe(1)
      }
    },
  )

  it.each(OPERATIONS)('of a look-up makes no statement about %s', async (operation) => {
    const order = await orderBefore(operation)
    order.mock.next('no connection', 'GetRefunds')
    expect((await order.lookUp()).kind).toBe('unknown')
  })

  it('is logged with its words, and without the token or the key', async () => {
    const { order } = await meet('authorize', 'rate limit')
    expect(order.logged).toEqual([expect.stringContaining('Too many requests.')])
    expect(order.logged.join()).not.toMatch(/pm_card|sk_test/)
  })
})

describe('an intent that is in another state than the call wants', () => {
  it('makes no second authorization, not even after Stripe has forgotten the key', async () => {
    const order = await orderBefore('capture')
    order.mock.pass(25 * HOUR_MS)
    expect((await order.call('authorize')).kind).toBe('succeeded')
    expect(order.mock.balance().authorizations).toBe(1)
  })

  it('makes no second capture, and one of another amount is declined', async () => {
    const order = await orderBefore('refund')
    const again = (changes: Partial<BankCall>) =>
      order.call('capture', { idempotencyKey: `${ORDER_ID}/capture/2`, ...changes })
    expect((await again({})).kind).toBe('succeeded')
    expect(await again({ amountMinor: 1, idempotencyKey: `${ORDER_ID}/capture/3` })).toMatchObject({
      ...{ kind: 'declined', code: 'invalid_state' },
    })
  })

  it('has lapsed: the capture is declined, and says so', async () => {
    const order = await orderBefore('capture')
    order.mock.lapse()
    expect(await order.call('capture')).toMatchObject({ kind: 'declined', code: 'authorization_expired' })
  })

  it('has lapsed: the void has nothing to do', async () => {
    const order = await orderBefore('capture')
    order.mock.lapse()
    expect((await order.call('void')).kind).toBe('succeeded')
  })

  it('is of another account: no decision is made', async () => {
    const order = await orderBefore('capture')
    const foreign = { authorizationId: 'pi_of_another_account' }
    expect((await order.call('capture', foreign)).kind).toBe('error')
    expect((await order.call('void', foreign)).kind).toBe('error')
  })
})

describe('a look-up', () => {
  it('finds nothing where no intent was stored: an intent without a card holds no money', async () => {
    const order = createOrder()
    expect(await order.lookUp()).toEqual({ kind: 'found', records: [] })
  })

  it('reads every page of refunds', async () => {
    const order = await orderBefore('refund')
    for (let number = 1; number <= 101; number += 1) {
      await order.call('refund', { amountMinor: 1, idempotencyKey: `${ORDER_ID}/refund-rf_${number}/1` })
    }
    expect(countOf(await order.lookUp(), 'refund')).toBe(101)
  })

  it('gives amounts in our unit', async () => {
    const order = createOrder('pm_card_visa', 500, 'ISK')
    await order.open()
    await order.call('authorize')
    expect(order.mock.balance().held).toBe(50_000)
    expect(await order.lookUp()).toMatchObject({ records: [{ operation: 'authorize', amountMinor: 500 }] })
  })
})

it("uses no call that Stripe's description does not have", () => {
  expect(DESCRIBED_OPERATIONS).toEqual(expect.arrayContaining(Object.values(CALLS)))
})

const countOf = (
  lookup: Awaited<ReturnType<ReturnType<typeof createOrder>['lookUp']>>,
  operation: BankOperation,
) =>
  lookup.kind === 'found'
    ? lookup.records.filter((record) => record.operation === operation && record.outcome === 'succeeded')
        .length
    : undefined
