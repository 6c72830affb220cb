import type { BankBook, OrderBook, PaymentBook, ProductBook, ReservationBook } from '../../contracts/books.ts'
import type { LawName } from '../../contracts/laws.ts'
import { toMajor } from '../../kernel/money.ts'

/** Where a law does not add up. Money is in the currency's major unit, stock in units, and legs are counted. */
export type Breach = {
  law: LawName
  /** Of an order or a product. */
  id: string
  what: string
  expected: number
  actual: number
  currency?: string
}

/** All that the services have under one order's id. */
export type OrderBooks = {
  orderId: string
  order: OrderBook | undefined
  reservations: readonly ReservationBook[]
  payment: PaymentBook | undefined
}

const compared = (breach: Breach): Breach[] => (breach.expected === breach.actual ? [] : [breach])

export const breachesOfProduct = ({ productId: id, level, sum }: ProductBook): Breach[] => [
  ...compared({ law: 'stock_on_hand', id, what: 'on hand', expected: sum.onHand, actual: level.onHand }),
  ...compared({
    law: 'stock_reserved',
    id,
    what: 'reserved',
    expected: sum.reserved,
    actual: level.reserved,
  }),
]

/** Of an order that is not settled, nothing is said: it is under way. */
export const breachesOfOrder = (books: OrderBooks): Breach[] => {
  const { order } = books
  if (order === undefined) return legsAlone(books)
  if (!order.isSettled) return []
  const ofDecision = order.status === 'confirmed' ? breachesOfConfirmed : breachesOfUndone
  return [...missingLegs(order, books), ...ofDecision(order, books)]
}

const legsAlone = ({ orderId: id, reservations, payment }: OrderBooks): Breach[] => {
  const law = 'orders_have_legs'
  return [
    ...compared({ law, id, what: 'reservations without an order', expected: 0, actual: reservations.length }),
    ...compared({ law, id, what: 'a payment without an order', expected: 0, actual: payment ? 1 : 0 }),
  ]
}

/** Each leg has a row for every settled order, also where there was nothing to do or to undo. */
const missingLegs = (order: OrderBook, { reservations, payment }: OrderBooks): Breach[] => {
  const common = { law: 'orders_have_legs', id: order.orderId } as const
  const wanted = order.lines.map(({ productId }) => productId)
  const found = new Set(reservations.flatMap(({ lines }) => lines.map(({ productId }) => productId)))
  const actual = wanted.filter((productId) => found.has(productId)).length
  return [
    ...compared({ ...common, what: 'products with a reservation', expected: wanted.length, actual }),
    ...compared({ ...common, what: 'its payment', expected: 1, actual: payment ? 1 : 0 }),
  ]
}

const breachesOfConfirmed = (order: OrderBook, { reservations, payment }: OrderBooks): Breach[] => {
  const { orderId: id, currency } = order
  const committed = unitsIn(reservations, ['committed'])
  const products = new Set([...order.lines.map(({ productId }) => productId), ...committed.keys()])
  const wanted = new Map(order.lines.map(({ productId, quantity }) => [productId, quantity]))
  return [
    ...[...products].flatMap((productId) =>
      compared({
        ...{ law: 'confirmed_stock_committed', id, what: `${productId} committed` },
        expected: wanted.get(productId) ?? 0,
        actual: committed.get(productId) ?? 0,
      }),
    ),
    ...compared({
      ...{ law: 'confirmed_money_captured', id, what: 'captured', currency },
      expected: toMajor(order.totalMinor, currency),
      actual: toMajor(payment?.capturedMinor ?? 0, currency),
    }),
  ]
}

const breachesOfUndone = (order: OrderBook, { reservations, payment }: OrderBooks): Breach[] => {
  const id = order.orderId
  const law = 'undone_stock_released'
  const held = unitsIn(reservations, ['reserved', 'committed'])
  return [
    ...Array.from(held, ([productId, actual]) =>
      compared({ law, id, what: `${productId} held`, expected: 0, actual }),
    ).flat(),
    ...(payment === undefined ? [] : moneyKept(id, payment)),
  ]
}

const moneyKept = (id: string, payment: PaymentBook): Breach[] => {
  const { currency, status, amountMinor, capturedMinor, refundedMinor } = payment
  const common = { law: 'undone_money_returned', id, expected: 0, currency } as const
  const authorizedMinor = status === 'authorized' ? amountMinor : 0
  return [
    ...compared({ ...common, what: 'kept', actual: toMajor(capturedMinor - refundedMinor, currency) }),
    ...compared({ ...common, what: 'authorized', actual: toMajor(authorizedMinor, currency) }),
  ]
}

/** Units of each product in reservations of these states. */
const unitsIn = (
  reservations: readonly ReservationBook[],
  states: readonly ReservationBook['state'][],
): Map<string, number> => {
  const units = new Map<string, number>()
  for (const { lines } of reservations.filter(({ state }) => states.includes(state)))
    for (const { productId, quantity } of lines) units.set(productId, (units.get(productId) ?? 0) + quantity)
  return units
}

export const breachesOfBank = (book: BankBook): Breach[] => {
  if (book.kind !== 'read') return []
  const { payment, bank } = book
  const { orderId: id, currency } = payment
  const heldMinor = payment.status === 'authorized' ? payment.amountMinor : 0
  const amounts = [
    ['held', heldMinor, bank.heldMinor],
    ['captured', payment.capturedMinor, bank.capturedMinor],
    ['refunded', payment.refundedMinor, bank.refundedMinor],
  ] as const
  return amounts.flatMap(([what, ours, banks]) =>
    compared({
      ...{ law: 'payments_equal_bank', id, what, currency },
      expected: toMajor(banks, currency),
      actual: toMajor(ours, currency),
    }),
  )
}
