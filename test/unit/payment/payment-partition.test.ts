import { describe, expect, it } from 'vitest'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import type { BankResult } from '../../../src/payment/bank.ts'
import { PaymentPartition } from '../../../src/payment/partition/payment-partition.ts'
import type { PaymentCause } from '../../../src/payment/policy.ts'
import {
  CLIENT,
  NOW,
  OPERATOR,
  ORDER_ID,
  orderCancelledEvent,
  orderConfirmedEvent,
  orderPlacedEvent,
  refundRequestedEvent,
  STRANGER,
} from '../../support/builders.ts'
import { approved, books, declined, error } from '../../support/payment-steps.ts'
import { createPaymentWorld, type PaymentWorld } from '../../support/payment-world.ts'

const REQUEST = { requestKey: 'key', fingerprint: 'body' }
const OTHER_ID = 'ord_0_01m844dzg00000000000000001'
const key = (name: string) => `${ORDER_ID}/${name}`

const begin = (world: PaymentWorld, event: PaymentCause) => world.begin(event)[0]

/** The world after the bank has answered these calls, in that order. */
const after = (...answered: [event: PaymentCause, key: string, answer: BankResult][]): PaymentWorld => {
  const world = createPaymentWorld()
  for (const [event, name, answer] of answered) {
    begin(world, event)
    world.partition().record([{ orderId: ORDER_ID, idempotencyKey: key(name), begunAt: NOW, answer }])
  }
  world.published()
  return world
}

const captured = () =>
  after(
    [orderPlacedEvent(), 'authorize/1', approved()],
    [orderConfirmedEvent(), 'capture/1', approved('cap_1')],
  )

describe('keys an hour', () => {
  it('are counted where a refund is asked for, and not where it is refused', () => {
    const { memory } = captured()
    const partition = new PaymentPartition({
      ...{ host: memory.host, bankName: 'simulator', keysAnHourMax: 1 },
      ...{ list: async () => {}, unlist: async () => {} },
    })
    const ask = (refundId: string, amount: number) => {
      const request = { requestKey: refundId, fingerprint: 'body', client: CLIENT.client }
      return partition.requestRefund({
        ...{ orderId: ORDER_ID, refundId, caller: CLIENT, amount, reason: undefined, request },
      })
    }
    expect(ask('rf_1', 151)).toMatchObject({ reason: { code: 'refund_exceeds_captured' } })
    expect(ask('rf_1', 1)).toMatchObject({ ok: true, value: { isReplay: false } })
    expect(ask('rf_2', 1)).toMatchObject({ reason: { code: 'rate_limited', retryAfterSeconds: 3_600 } })
    expect(ask('rf_1', 1)).toMatchObject({ ok: true, value: { isReplay: true } })
  })
})

describe('begin', () => {
  it('says what to call, and has stored it before', () => {
    const world = createPaymentWorld()
    const turn = begin(world, orderPlacedEvent())
    expect(turn?.directive).toMatchObject({ kind: 'call', call: { idempotencyKey: key('authorize/1') } })
    world.restart()
    expect(begin(world, orderPlacedEvent())?.directive).toEqual({ kind: 'wait', seconds: 10 })
  })

  it('says to rest where the payment is where the event wants it', () => {
    const world = after([orderPlacedEvent(), 'authorize/1', approved()])
    expect(begin(world, orderPlacedEvent())).toMatchObject({
      directive: { kind: 'rest' },
      payment: { status: 'authorized' },
    })
  })

  it('begins a step once for events that come together', () => {
    const kinds = createPaymentWorld()
      .begin(orderPlacedEvent(), orderPlacedEvent())
      .map(({ directive }) => directive.kind)
    expect(kinds).toEqual(['call', 'wait'])
  })

  it('takes events that come together in their order', () => {
    const world = createPaymentWorld()
    const [cancelled, placed] = world.begin(orderCancelledEvent(), orderPlacedEvent())
    expect([cancelled?.directive.kind, placed?.directive.kind]).toEqual(['rest', 'rest'])
    expect(world.view()).toMatchObject({ status: 'voided', attempts: 0 })
  })

  it('takes each payment for itself', () => {
    const turns = createPaymentWorld().begin(
      orderPlacedEvent(),
      orderPlacedEvent({ data: { orderId: OTHER_ID } }),
    )
    expect(turns.map(({ directive }) => directive)).toMatchObject([
      { call: { orderId: ORDER_ID } },
      { call: { orderId: OTHER_ID } },
    ])
  })

  it('replies without a payment where the bank is to be called: there is nothing to report yet', () => {
    const world = createPaymentWorld()
    expect(begin(world, orderPlacedEvent())?.payment).toBeNull()
    expect(begin(world, orderPlacedEvent())).toMatchObject({ directive: { kind: 'wait' }, payment: null })
  })

  it('replies with as much of the payment as reports need', () => {
    const { payment } = begin(captured(), orderConfirmedEvent()) ?? {}
    expect(payment).toEqual({
      ...{ orderId: ORDER_ID, client: 'shop', currency: 'USD', status: 'captured', refunds: [] },
      ...{ amountMinor: 15_000, capturedMinor: 15_000, refundedMinor: 0, revision: 5, changedAt: NOW },
    })
  })

  it.each([orderConfirmedEvent(), refundRequestedEvent('rf_1')])(
    'does not know a payment that never began: $type',
    (event) => {
      const world = createPaymentWorld()
      expect(world.begin(event)).toEqual([{ directive: { kind: 'unknown' }, payment: null }])
      expect(world.memory.wakeAt()).toBeUndefined()
    },
  )
})

describe('record', () => {
  const report = (answer: BankResult) => ({
    orderId: ORDER_ID,
    idempotencyKey: key('authorize/1'),
    begunAt: NOW,
    answer,
  })

  it('takes in the answer, and says what is next', () => {
    const world = createPaymentWorld()
    begin(world, orderPlacedEvent())
    expect(world.partition().record([report(approved())])).toMatchObject([
      { directive: { kind: 'rest' }, payment: { status: 'authorized' } },
    ])
  })

  it('goes on at once where the order was decided meanwhile', () => {
    const world = createPaymentWorld()
    begin(world, orderPlacedEvent())
    begin(world, orderConfirmedEvent())
    expect(world.partition().record([report(approved())])).toMatchObject([
      { directive: { call: { operation: 'capture', idempotencyKey: key('capture/1') } } },
    ])
  })

  it('takes in what a look-up found', () => {
    const world = createPaymentWorld()
    begin(world, orderPlacedEvent())
    const [next] = world.partition().record([report(error)])
    expect(next?.directive.kind).toBe('lookUp')
    const looked = { orderId: ORDER_ID, idempotencyKey: key('authorize/1'), begunAt: NOW, lookup: books() }
    expect(world.partition().record([looked])).toMatchObject([
      { directive: { call: { idempotencyKey: key('authorize/2') } } },
    ])
  })

  it('takes in an answer once', () => {
    const world = createPaymentWorld()
    begin(world, orderPlacedEvent())
    world.partition().record([report(approved())])
    const before = world.view()
    world.memory.advance(1_000)
    world.partition().record([report(approved('auth_2')), report(declined)])
    expect(world.view()).toEqual(before)
  })

  it('does not know a payment that never began', () => {
    expect(
      createPaymentWorld()
        .partition()
        .record([report(approved())]),
    ).toEqual([{ directive: { kind: 'unknown' }, payment: null }])
  })
})

describe('a payment', () => {
  it('is shown to its client and to operations, and to no other caller', () => {
    const world = captured()
    const seen = [CLIENT, OPERATOR, STRANGER].map((caller) => world.partition().get(ORDER_ID, caller)?.status)
    expect(seen).toEqual(['captured', 'captured', undefined])
  })

  it('of an order that was never placed is visible to no client', () => {
    const world = createPaymentWorld()
    begin(world, orderCancelledEvent())
    expect(world.partition().get(ORDER_ID, OPERATOR)).toBeUndefined()
  })

  it('is shown without its token', () => {
    expect(JSON.stringify(captured().view())).not.toContain('pm_card_visa')
  })
})

describe('a refund', () => {
  it('of all that is left is taken when no amount is said', () => {
    const world = captured()
    const refund = {
      refundId: 'rf_1',
      orderId: ORDER_ID,
      amount: 150,
      currency: 'USD',
      status: 'pending',
      requestedAt: toTimestamp(NOW),
    }
    expect(world.refund()).toEqual({ ok: true, value: { refund, isReplay: false } })
    expect(world.view()?.refunds).toEqual([refund])
  })

  it('is asked of the payment service at once', () => {
    const world = captured()
    world.refund({ amount: 50, reason: 'Broken.' })
    expect(world.published()).toEqual([`payment ${ORDER_ID}/RefundRequested/rf_1`])
  })

  it.each([
    ['more than was captured', 150.01, []],
    ['more than is left', 100.01, [50]],
    ['more digits than money here can have', 9_000_000_000_000_000, []],
    ['more than a number writes without an exponent', 1.5e21, []],
    ['anything where nothing is left', 0.01, [150]],
    ['all where nothing is left', undefined, [150]],
  ])('is refused for %s', (_, amount, before) => {
    const world = captured()
    for (const [index, part] of before.entries()) world.refund({ refundId: `before_${index}`, amount: part })
    world.published()
    expect(world.refund({ amount })).toMatchObject({
      ok: false,
      reason: { code: 'refund_exceeds_captured' },
    })
    expect(world.published()).toEqual([])
  })

  it('is refused with what is left', () => {
    const world = captured()
    world.refund({ amount: 50 })
    expect(world.refund({ amount: 101 })).toMatchObject({
      reason: { detail: '100.00 USD is left to refund.' },
    })
  })

  it('is refused before anything was captured', () => {
    const world = after([orderPlacedEvent(), 'authorize/1', approved()])
    expect(world.refund()).toMatchObject({ reason: { code: 'refund_exceeds_captured' } })
  })

  it('is refused of a cancelled order, all of which is given back', () => {
    const world = captured()
    begin(world, orderCancelledEvent())
    expect(world.refund({ amount: 1 })).toMatchObject({
      reason: {
        code: 'refund_exceeds_captured',
        detail: 'The order was cancelled: all of it is given back already.',
      },
    })
  })

  it('is refused with more decimals than its currency has', () => {
    expect(captured().refund({ amount: 1.001 })).toEqual({
      ok: false,
      reason: { code: 'invalid_amount', detail: 'must have no more decimals than USD has' },
    })
  })

  it.each([
    ['of a payment that is not there', { orderId: OTHER_ID }],
    ['of another client', { caller: STRANGER }],
  ])('%s finds no payment', (_, changes) => {
    expect(captured().refund(changes)).toMatchObject({ reason: { code: 'payment_not_found' } })
  })

  it('is made once for the same key and body, and answers as it did', () => {
    const world = captured()
    const first = world.refund({ amount: 50, request: REQUEST })
    const again = world.refund({ refundId: 'rf_2', amount: 50, request: REQUEST })
    expect(again).toEqual(first.ok && { ok: true, value: { ...first.value, isReplay: true } })
    expect(world.view()?.refunds).toHaveLength(1)
  })

  it('answers a repeated key as it did, byte for byte, once the refund is made', () => {
    const world = captured()
    const asked = { amount: 50, reason: 'Too small.', request: REQUEST }
    const first = JSON.stringify(world.refund(asked))
    world.begin(refundRequestedEvent('rf_1'))
    const made = { orderId: ORDER_ID, idempotencyKey: key('refund-rf_1/1'), begunAt: NOW }
    world.partition().record([{ ...made, answer: approved('re_1') }])
    expect(world.view()).toMatchObject({ refundedAmount: 50, refunds: [{ status: 'succeeded' }] })
    const again = JSON.stringify(world.refund({ ...asked, refundId: 'rf_2' }))
    expect(again).toBe(first.replace('"isReplay":false', '"isReplay":true'))
  })

  it('answers a key that older code kept from the view that it kept', () => {
    const world = captured()
    const money = { amount: 1, currency: 'USD' }
    const ids = { refundId: 'rf_0', orderId: ORDER_ID }
    const view = { ...ids, ...money, status: 'pending', requestedAt: toTimestamp(NOW) }
    world.memory.sql(
      'INSERT INTO requests (request_key, fingerprint, subject, status, body, at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[REQUEST.requestKey, REQUEST.fingerprint, 'rf_0', 202, JSON.stringify(view), NOW],
    )
    expect(world.refund({ request: REQUEST })).toEqual({ ok: true, value: { refund: view, isReplay: true } })
    expect(world.view()?.refunds).toHaveLength(0)
  })

  it('does nothing for the same key with another body', () => {
    const world = captured()
    world.refund({ amount: 50, request: REQUEST })
    const other = { ...REQUEST, fingerprint: 'other' }
    expect(world.refund({ refundId: 'rf_2', amount: 60, request: other })).toMatchObject({
      reason: { code: 'idempotency_key_reused' },
    })
    expect(world.view()?.refunds).toHaveLength(1)
  })

  it('that is refused leaves its key free', () => {
    const world = captured()
    world.refund({ amount: 151, request: REQUEST })
    expect(world.refund({ amount: 150, request: { ...REQUEST, fingerprint: 'other' } })).toMatchObject({
      ok: true,
    })
  })
})
