import { describe, expect, it } from 'vitest'
import {
  mergedPortions,
  type OrderBook,
  type PaymentBook,
  portionFrom,
  type ReservationBook,
  type StockStep,
} from '../../../../src/contracts/books.ts'
import type { Position } from '../../../../src/contracts/paging.ts'
import { type AuditPage, auditPage, type Books } from '../../../../src/order/audit/audit-page.ts'

const idOf = (nth: number) => `ord_0_${String(nth).padStart(3, '0')}`
const lines = [{ productId: 'P1', quantity: 1 }]

const orderOf = (nth: number, changes: Partial<OrderBook> = {}): OrderBook => ({
  ...{
    orderId: idOf(nth),
    version: 7,
    status: 'confirmed',
    isSettled: true,
    currency: 'USD',
    totalMinor: 100,
    lines,
  },
  ...changes,
})

const ENDED: StockStep = { state: 'ended', products: 1, differing: [] }

/** A sound system of so many orders, in two stock partitions of one product each. */
const createBooks = (count: number) => {
  const nths = Array.from({ length: count }, (_, nth) => nth)
  const state = {
    orders: nths.map((nth) => orderOf(nth)),
    reservations: nths.map((nth): ReservationBook => ({ orderId: idOf(nth), state: 'committed', lines })),
    payments: nths.map(
      (nth): PaymentBook => ({
        ...{ orderId: idOf(nth), status: 'captured', currency: 'USD', amountMinor: 100 },
        ...{ capturedMinor: 100, refundedMinor: 0 },
      }),
    ),
    steps: new Map<number, StockStep[]>(),
    onLegsRead: () => {},
  }
  const after = <Row extends { orderId: string }>(rows: readonly Row[], orderId: string, limit: number) =>
    portionFrom(rows.filter((row) => row.orderId > orderId).slice(0, limit), limit)
  let walks = 0
  const begun: string[] = []
  const books: Books = {
    countStockPartitions: async () => 2,
    walkStock: async (index, { walkId, isFirst }) => {
      if (isFirst) begun.push(`${index} ${walkId}`)
      return state.steps.get(index)?.shift() ?? ENDED
    },
    ordersAfter: async (orderId, limit) => after(state.orders, orderId, limit),
    ordersOf: async (ids) => state.orders.filter(({ orderId }) => ids.includes(orderId)),
    reservationsAfter: async (orderId, limit) => after(state.reservations, orderId, limit),
    paymentsAfter: async (orderId, limit) => {
      const portion = after(state.payments, orderId, limit)
      state.onLegsRead()
      return portion
    },
    bankBooks: async (ids) =>
      state.payments
        .filter(({ orderId }) => ids.includes(orderId))
        .map((payment) => ({
          kind: 'read',
          payment,
          bank: { heldMinor: 0, capturedMinor: 100, refundedMinor: 0 },
        })),
    newWalkId: () => `w${++walks}`,
  }
  return { ...{ state, books, begun }, pages: (limit: number) => readPages(books, limit) }
}

const readPages = async (books: Books, limit: number): Promise<AuditPage[]> => {
  const pages: AuditPage[] = []
  let after: Position | undefined
  do {
    const page = await auditPage(books, { after, limit })
    pages.push(page)
    after = page.next
  } while (after !== undefined)
  return pages
}

const brokenIn = (pages: readonly AuditPage[]) =>
  pages.flatMap(({ laws }) =>
    laws.flatMap(({ name, drift, broken }) => broken.map(({ id }) => [name, id, drift])),
  )

describe('the audit', () => {
  it('of a small system is one page', async () => {
    const [page, ...more] = await createBooks(5).pages(100)
    expect(more).toEqual([])
    expect(page?.laws.every(({ drift, broken }) => drift === 0 && broken.length === 0)).toBe(true)
    expect(page?.checked).toEqual({ products: 2, orders: 5, payments: 5, underWay: 0, unread: 0 })
  })

  it('looks at each order once, over as many pages as it takes', async () => {
    const pages = await createBooks(10).pages(4)
    expect(pages.map(({ checked }) => checked.orders)).toEqual([4, 4, 2])
    expect(brokenIn(pages)).toEqual([])
  })

  it('names what is broken on its page, with the drift of that page', async () => {
    const { state, pages } = createBooks(6)
    state.orders[1] = orderOf(1, { totalMinor: 350 })
    state.orders[4] = orderOf(4, { totalMinor: 101 })
    expect(brokenIn(await pages(3))).toEqual([
      ['confirmed_money_captured', idOf(1), 2.5],
      ['confirmed_money_captured', idOf(4), 0.01],
    ])
  })

  it('finds legs without an order, also beyond the last order, and an order without legs', async () => {
    const { state, pages } = createBooks(6)
    state.orders = state.orders.filter((_, nth) => nth !== 2 && nth !== 5)
    state.payments = state.payments.filter((_, nth) => nth !== 0)
    const broken = brokenIn(await pages(2)).filter(([name]) => name === 'orders_have_legs')
    expect(broken.map(([, id]) => id)).toEqual([idOf(0), idOf(2), idOf(2), idOf(5), idOf(5)])
  })

  it('reports no order that is under way, or that changed while its legs were read', async () => {
    const { state, pages } = createBooks(3)
    state.orders[0] = orderOf(0, { isSettled: false, totalMinor: 999 })
    state.payments[1] = { ...state.payments[1], capturedMinor: 0 } as PaymentBook
    state.onLegsRead = () => {
      state.orders[1] = orderOf(1, { version: 8, isSettled: false, status: 'cancelled' })
    }
    const found = await pages(100)
    expect(brokenIn(found).filter(([name]) => name !== 'payments_equal_bank')).toEqual([])
    expect(found[0]?.checked.underWay).toBe(2)
  })

  it('reports no leg whose order was placed while the legs were read', async () => {
    const { state, pages } = createBooks(3)
    const late = state.orders.pop()
    state.onLegsRead = () => {
      if (late !== undefined) state.orders = [...state.orders.filter((each) => each !== late), late]
    }
    expect(brokenIn(await pages(100))).toEqual([])
  })

  it('begins a lost walk again, and names the products that do not add up', async () => {
    const { state, books, begun, pages } = createBooks(0)
    const differing = [
      { productId: 'P1', level: { onHand: 3, reserved: 0 }, sum: { onHand: 5, reserved: 0 } },
    ]
    state.steps.set(0, [{ state: 'walking' }, { state: 'lost' }, { state: 'walking' }])
    state.steps.set(1, [{ state: 'ended', products: 1, differing }])
    expect(brokenIn(await pages(100))).toEqual([['stock_on_hand', 'P1', 2]])
    expect(begun).toEqual(['0 w1', '0 w1', '1 w2'])
    expect(await books.countStockPartitions()).toBe(2)
  })

  it('goes on with a long walk on the next page', async () => {
    const { state, begun, pages } = createBooks(2)
    state.steps.set(
      0,
      Array.from({ length: 50 }, () => ({ state: 'walking' as const })),
    )
    const found = await pages(100)
    expect(found.map(({ checked }) => [checked.products, checked.orders])).toEqual([
      [0, 0],
      [2, 2],
    ])
    expect(begun).toEqual(['0 w1', '1 w2'])
  })
})

it('portions of several partitions end where the first of them ends', () => {
  const row = (orderId: string) => ({ orderId })
  const full = portionFrom(['b', 'd'].map(row), 2)
  const short = portionFrom(['a', 'e'].map(row), 3)
  expect(mergedPortions([full, short])).toEqual({ rows: ['b', 'd', 'a'].map(row), readTo: 'd' })
  expect(mergedPortions([short])).toEqual({ rows: ['a', 'e'].map(row) })
})
