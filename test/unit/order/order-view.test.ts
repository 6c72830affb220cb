import { expect, it } from 'vitest'
import { viewOrder } from '../../../src/order/order-view.ts'
import {
  ORDER_ID,
  paymentAuthorized,
  paymentCaptured,
  paymentDeclined,
  stockCommitted,
  stockReserved,
} from '../../support/builders.ts'
import { cancellationRequested, effectOverdue, given, orderPlaced } from '../../support/given.ts'

const PLACED = {
  orderId: ORDER_ID,
  status: 'pending',
  version: 1,
  currency: 'USD',
  totalAmount: 150,
  items: [
    { productId: 'P001', quantity: 2, unitPrice: 50, amount: 100 },
    { productId: 'P002', quantity: 1, unitPrice: 50, amount: 50 },
  ],
  inventory: { status: 'pending' },
  payment: { status: 'pending', capturedAmount: 0, refundedAmount: 0 },
  placedAt: '2026-11-23T12:00:00.000Z',
}

const SETTLED = [stockReserved(), paymentAuthorized(), stockCommitted(), paymentCaptured()]

it('shows a placed order without its payment token', () => {
  expect(viewOrder(orderPlaced())).toEqual(PLACED)
})

it('is shown under the id that its client gave it', () => {
  expect(viewOrder(orderPlaced({ externalId: '12345' }))).toEqual({ ...PLACED, orderId: '12345' })
})

it('shows what the caller said of it', () => {
  const said = { customerId: 'cust_1', reference: 'web-1001', metadata: { channel: 'web' } }
  expect(viewOrder(orderPlaced(said))).toEqual({ ...PLACED, ...said })
})

it('shows a settled order with its times and what was captured', () => {
  expect(viewOrder(given(orderPlaced()).when(...SETTLED).order)).toEqual({
    ...PLACED,
    status: 'confirmed',
    version: 7,
    inventory: { status: 'committed' },
    payment: { status: 'captured', capturedAmount: 150, refundedAmount: 0 },
    decidedAt: '2026-11-23T12:00:02.000Z',
    settledAt: '2026-11-23T12:00:04.000Z',
  })
})

it('shows why an order was rejected, and no settlement before it is settled', () => {
  expect(viewOrder(given(orderPlaced()).when(paymentDeclined()).order)).toEqual({
    ...PLACED,
    status: 'rejected',
    version: 3,
    payment: { status: 'declined', capturedAmount: 0, refundedAmount: 0 },
    reason: { code: 'payment_declined', detail: 'The card was declined.' },
    decidedAt: '2026-11-23T12:00:01.000Z',
  })
})

it('shows what a decision waits for that should have taken effect', () => {
  const { order } = given(orderPlaced(), stockReserved(), paymentDeclined()).when(effectOverdue())
  expect(viewOrder(order).stuck).toEqual({
    code: 'overdue',
    detail: 'inventory did not answer in time; it is asked again until it does.',
    waitingFor: ['inventory'],
  })
})

it('shows what the bank refused for good', () => {
  const stuck = { code: 'refund_failed', detail: 'The account is closed.' }
  const { order } = given(orderPlaced(), ...SETTLED, cancellationRequested()).when(
    paymentCaptured({ data: { stuck } }),
  )
  expect(viewOrder(order).stuck).toEqual({
    code: 'bank_refused',
    detail: 'refund_failed: The account is closed.',
    waitingFor: ['inventory', 'payment'],
  })
})

it('writes amounts in the major unit of the currency', () => {
  const lines = [{ productId: 'K1', quantity: 1, unitPriceMinor: 1, amountMinor: 1 }]
  expect(viewOrder(orderPlaced({ currency: 'KWD', totalMinor: 1, lines }))).toMatchObject({
    totalAmount: 0.001,
    items: [{ unitPrice: 0.001, amount: 0.001 }],
  })
})
