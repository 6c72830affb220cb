import type {
  BankBook,
  OrderBook,
  PaymentBook,
  Portion,
  ReservationBook,
  StockStep,
  StockWalk,
} from '../../contracts/books.ts'
import { LAW_NAMES, type LawName } from '../../contracts/laws.ts'
import type { Position } from '../../contracts/paging.ts'
import { type Breach, breachesOfBank, breachesOfOrder, breachesOfProduct, type OrderBooks } from './laws.ts'

/** Steps of a page through the stock partitions: some seconds at most. */
const STEPS_MAX = 40
/** Breaches that a page names for each law. The drift counts all of them. */
const BROKEN_MAX = 100

/** The books of all services, as the edge reads them. */
export type Books = {
  countStockPartitions(): Promise<number>
  walkStock(index: number, walk: StockWalk): Promise<StockStep>
  ordersAfter(orderId: string, limit: number): Promise<Portion<OrderBook>>
  ordersOf(orderIds: readonly string[]): Promise<readonly OrderBook[]>
  reservationsAfter(orderId: string, limit: number): Promise<Portion<ReservationBook>>
  paymentsAfter(orderId: string, limit: number): Promise<Portion<PaymentBook>>
  bankBooks(orderIds: readonly string[]): Promise<readonly BankBook[]>
  newWalkId(): string
}

/** What a page looked at. `underWay`: orders and payments that cannot be judged yet. `unread`: the bank did not answer. */
export type Checked = { products: number; orders: number; payments: number; underWay: number; unread: number }

export type Law = { name: LawName; drift: number; broken: Omit<Breach, 'law'>[] }

export type AuditPage = { laws: Law[]; checked: Checked; next?: Position }

type Findings = { breaches: Breach[]; checked: Checked; next?: Position }

/**
 * A page of the audit: first the products of each stock partition, then the orders by their ids. A small system is one
 * page. Orders go on meanwhile, and one that is under way is never reported as broken: see `auditOrders` and
 * `createStockWalks`.
 */
export const auditPage = async (
  books: Books,
  { after, limit }: { after?: Position | undefined; limit: number },
): Promise<AuditPage> => {
  const stock = after?.[0] === ORDERS ? NOTHING_FOUND : await auditStock(books, after)
  if (stock.next !== undefined) return pageOf([stock])
  const orders = await auditOrders(books, after?.[0] === ORDERS ? after[1] : '', limit)
  return pageOf([stock, orders])
}

const ORDERS = 'orders'
/** The position in a walk: the partition's index, and the walk's id. */
const stockPosition = (index: number, walkId: string): Position => [String(index), walkId]

const NOTHING_CHECKED: Checked = { products: 0, orders: 0, payments: 0, underWay: 0, unread: 0 }
const NOTHING_FOUND: Findings = { breaches: [], checked: NOTHING_CHECKED }

/** A partition that was restarted knows the walk no more: the walk through it begins again. */
const auditStock = async (books: Books, after: Position | undefined): Promise<Findings> => {
  const count = await books.countStockPartitions()
  const findings = { breaches: [] as Breach[], products: 0 }
  let index = Number(after?.[0] ?? 0)
  let walk: StockWalk = { walkId: after?.[1] ?? books.newWalkId(), isFirst: after === undefined }
  for (let steps = 0; index < count; steps += 1) {
    if (steps === STEPS_MAX && !walk.isFirst) return found(findings, stockPosition(index, walk.walkId))
    const step = await books.walkStock(index, walk)
    walk = { ...walk, isFirst: step.state === 'lost' }
    if (step.state !== 'ended') continue
    findings.breaches.push(...step.differing.flatMap(breachesOfProduct))
    findings.products += step.products
    index += 1
    walk = { walkId: books.newWalkId(), isFirst: true }
  }
  return found(findings)
}

const found = (
  { breaches, products }: { breaches: Breach[]; products: number },
  next?: Position,
): Findings => ({
  breaches,
  checked: { ...NOTHING_CHECKED, products },
  ...(next !== undefined && { next }),
})

/**
 * The orders of a range of ids with their legs. Orders are read before the legs, and those with a breach once more after
 * them: a breach counts only where the order is settled and has not changed in between. An order is stored before its
 * legs hear of it, so legs whose order is still unknown then have none.
 */
const auditOrders = async (books: Books, after: string, limit: number): Promise<Findings> => {
  const orders = await books.ordersAfter(after, limit)
  const [reservations, payments] = await Promise.all([
    books.reservationsAfter(after, limit),
    books.paymentsAfter(after, limit),
  ])
  const readTo = [orders, reservations, payments].flatMap((portion) => portion.readTo ?? []).toSorted()[0]
  const within = ({ orderId }: { orderId: string }) => readTo === undefined || orderId <= readTo
  const joined = joinByOrder(
    orders.rows.filter(within),
    reservations.rows.filter(within),
    payments.rows.filter(within),
  )
  const bankBooks = await books.bankBooks(joined.flatMap(({ payment }) => payment?.orderId ?? []))
  const suspected = joined.filter((each) => breachesOfOrder(each).length > 0)
  const confirmed = await unchanged(books, suspected)
  const isUnderWay = ({ order }: OrderBooks) => order !== undefined && !order.isSettled
  return {
    breaches: [...confirmed.flatMap(breachesOfOrder), ...bankBooks.flatMap(breachesOfBank)],
    checked: {
      products: 0,
      orders: joined.filter(({ order }) => order !== undefined).length,
      payments: bankBooks.filter(({ kind }) => kind === 'read').length,
      underWay: joined.filter(isUnderWay).length + (suspected.length - confirmed.length),
      unread: bankBooks.filter(({ kind }) => kind === 'unread').length,
    },
    ...(readTo !== undefined && { next: [ORDERS, readTo] }),
  }
}

const joinByOrder = (
  orders: readonly OrderBook[],
  reservations: readonly ReservationBook[],
  payments: readonly PaymentBook[],
): OrderBooks[] => {
  const orderOf = new Map(orders.map((order) => [order.orderId, order]))
  const paymentOf = new Map(payments.map((payment) => [payment.orderId, payment]))
  const reservationsOf = Map.groupBy(reservations, ({ orderId }) => orderId)
  const ids = new Set([...orderOf.keys(), ...reservationsOf.keys(), ...paymentOf.keys()])
  return [...ids].map((orderId) => ({
    orderId,
    order: orderOf.get(orderId),
    reservations: reservationsOf.get(orderId) ?? [],
    payment: paymentOf.get(orderId),
  }))
}

/** Those whose order is as it was before its legs were read. */
const unchanged = async (books: Books, suspected: readonly OrderBooks[]): Promise<OrderBooks[]> => {
  if (suspected.length === 0) return []
  const again = await books.ordersOf(suspected.map(({ orderId }) => orderId))
  const versions = new Map(again.map(({ orderId, version }) => [orderId, version]))
  return suspected.filter(({ orderId, order }) => versions.get(orderId) === order?.version)
}

const pageOf = (findings: readonly Findings[]): AuditPage => {
  const breaches = findings.flatMap((each) => each.breaches)
  const next = findings.at(-1)?.next
  return {
    laws: LAW_NAMES.map((name) => lawOf(name, breaches)),
    checked: findings.reduce((sum, { checked }) => addUp(sum, checked), NOTHING_CHECKED),
    ...(next !== undefined && { next }),
  }
}

const lawOf = (name: LawName, breaches: readonly Breach[]): Law => {
  const own = breaches.filter(({ law }) => law === name)
  const drift = own.reduce((sum, { expected, actual }) => sum + Math.abs(expected - actual), 0)
  return {
    name,
    drift: Number(drift.toFixed(DECIMALS_MAX)),
    broken: own.slice(0, BROKEN_MAX).map(({ law: _law, ...breach }) => breach),
  }
}

/** No currency has more decimals. Sums of binary fractions would show some. */
const DECIMALS_MAX = 4

const addUp = (one: Checked, other: Checked): Checked => ({
  products: one.products + other.products,
  orders: one.orders + other.orders,
  payments: one.payments + other.payments,
  underWay: one.underWay + other.underWay,
  unread: one.unread + other.unread,
})
