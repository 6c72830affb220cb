import { describe, expect, it } from 'vitest'
import type { BankBook, OrderBook, PaymentBook, ReservationBook } from '../../../../src/contracts/books.ts'
import {
  breachesOfBank,
  breachesOfOrder,
  breachesOfProduct,
  type OrderBooks,
} from '../../../../src/order/audit/laws.ts'

const ID = 'ord_0_1'
const lines = [{ productId: 'P1', quantity: 2 }]

const order = (changes: Partial<OrderBook> = {}): OrderBook => ({
  ...{
    orderId: ID,
    version: 7,
    status: 'confirmed',
    isSettled: true,
    currency: 'USD',
    totalMinor: 1_050,
    lines,
  },
  ...changes,
})

const payment = (changes: Partial<PaymentBook> = {}): PaymentBook => ({
  ...{ orderId: ID, status: 'captured', currency: 'USD', amountMinor: 1_050, capturedMinor: 1_050 },
  refundedMinor: 0,
  ...changes,
})

const reservation = (state: ReservationBook['state'] = 'committed', quantity = 2): ReservationBook => ({
  ...{ orderId: ID, state, lines: [{ productId: 'P1', quantity }] },
})

const books = (changes: Partial<OrderBooks> = {}): OrderBooks => ({
  ...{ orderId: ID, order: order(), reservations: [reservation()], payment: payment() },
  ...changes,
})

const undone = (changes: Partial<OrderBooks> = {}): OrderBooks =>
  books({
    order: order({ status: 'cancelled' }),
    reservations: [reservation('released')],
    payment: payment({ status: 'refunded', refundedMinor: 1_050 }),
    ...changes,
  })

describe('an order that adds up', () => {
  it.each<[string, OrderBooks]>([
    ['confirmed', books()],
    ['confirmed, and refunded in part', books({ payment: payment({ refundedMinor: 50 }) })],
    ['cancelled and refunded', undone()],
    ['rejected and voided', undone({ payment: payment({ status: 'voided', capturedMinor: 0 }) })],
    ['under way, whatever its legs are', books({ order: order({ isSettled: false }), payment: undefined })],
    [
      'never placed: it has no lines',
      undone({ order: order({ status: 'rejected', lines: [], totalMinor: 0 }) }),
    ],
  ])('%s', (_, each) => {
    expect(breachesOfOrder(each)).toEqual([])
  })
})

describe('each law is named where it is broken', () => {
  it.each<[string, OrderBooks, object[]]>([
    [
      'a confirmed order whose stock is only reserved',
      books({ reservations: [reservation('reserved')] }),
      [{ law: 'confirmed_stock_committed', what: 'P1 committed', expected: 2, actual: 0 }],
    ],
    [
      'a confirmed order with more committed than ordered',
      books({ reservations: [reservation('committed', 3)] }),
      [{ law: 'confirmed_stock_committed', expected: 2, actual: 3 }],
    ],
    [
      'a confirmed order that was not captured',
      books({ payment: payment({ capturedMinor: 1_000 }) }),
      [{ law: 'confirmed_money_captured', expected: 10.5, actual: 10, currency: 'USD' }],
    ],
    [
      'a cancelled order that holds stock',
      undone({ reservations: [reservation('committed')] }),
      [{ law: 'undone_stock_released', what: 'P1 held', expected: 0, actual: 2 }],
    ],
    [
      'a cancelled order that keeps money',
      undone({ payment: payment({ refundedMinor: 50 }) }),
      [{ law: 'undone_money_returned', what: 'kept', expected: 0, actual: 10 }],
    ],
    [
      'a cancelled order whose authorization stays',
      undone({ payment: payment({ status: 'authorized', capturedMinor: 0 }) }),
      [{ law: 'undone_money_returned', what: 'authorized', expected: 0, actual: 10.5 }],
    ],
    [
      'an order without a reservation',
      undone({ reservations: [] }),
      [{ law: 'orders_have_legs', what: 'products with a reservation', expected: 1, actual: 0 }],
    ],
    [
      'an order without a payment',
      undone({ payment: undefined }),
      [{ law: 'orders_have_legs', what: 'its payment', expected: 1, actual: 0 }],
    ],
    [
      'legs without an order',
      books({ order: undefined }),
      [
        { law: 'orders_have_legs', what: 'reservations without an order', actual: 1 },
        { law: 'orders_have_legs', what: 'a payment without an order', actual: 1 },
      ],
    ],
  ])('%s', (_, each, breaches) => {
    expect(breachesOfOrder(each)).toMatchObject(breaches)
    expect(breachesOfOrder(each)).toHaveLength(breaches.length)
  })

  it('a product whose level is not what its movements add up to', () => {
    const book = { productId: 'P1', level: { onHand: 8, reserved: 1 }, sum: { onHand: 9, reserved: 0 } }
    expect(breachesOfProduct(book)).toEqual([
      { law: 'stock_on_hand', id: 'P1', what: 'on hand', expected: 9, actual: 8 },
      { law: 'stock_reserved', id: 'P1', what: 'reserved', expected: 0, actual: 1 },
    ])
  })

  it.each<[string, Partial<PaymentBook>, Partial<Extract<BankBook, { kind: 'read' }>['bank']>, object[]]>([
    ['all the same', {}, {}, []],
    [
      'the bank captured twice',
      {},
      { capturedMinor: 2_100 },
      [{ what: 'captured', expected: 21, actual: 10.5 }],
    ],
    ['the bank refunded', {}, { refundedMinor: 50 }, [{ what: 'refunded', expected: 0.5, actual: 0 }]],
    [
      'the bank holds on',
      { status: 'voided', capturedMinor: 0 },
      { heldMinor: 1_050, capturedMinor: 0 },
      [{ what: 'held', expected: 10.5, actual: 0 }],
    ],
    [
      'an authorization is held by both',
      { status: 'authorized', capturedMinor: 0 },
      { heldMinor: 1_050, capturedMinor: 0 },
      [],
    ],
  ])("a payment beside the bank's books: %s", (_, ours, theirs, breaches) => {
    const bank = { heldMinor: 0, capturedMinor: 1_050, refundedMinor: 0, ...theirs }
    const found = breachesOfBank({ kind: 'read', payment: payment(ours), bank })
    expect(found).toMatchObject(breaches.map((breach) => ({ law: 'payments_equal_bank', ...breach })))
    expect(found).toHaveLength(breaches.length)
  })

  it('and nothing is said of a payment that is under way, or of which the bank did not tell', () => {
    for (const kind of ['under way', 'unread'] as const)
      expect(breachesOfBank({ kind, orderId: ID })).toEqual([])
  })
})
