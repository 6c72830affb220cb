import type { BankBalance, BankBook } from '../contracts/books.ts'
import { type Instant, MINUTE_MS } from '../kernel/instant.ts'
import type { AuditedPayment } from './payment-book.ts'

/** A payment in the bank's own list. `orderId` is missing where it was not made by this system. */
export type BankPayment = {
  reference: string
  orderId?: string
  currency: string
  at: Instant
  balance: BankBalance
}

/** When a payment was made: from the first instant, up to the second one and without it. */
export type Window = { from: Instant; to: Instant }

export type StatementPage =
  | { kind: 'found'; payments: readonly BankPayment[]; next?: string }
  | { kind: 'unknown'; detail: string }

/** The bank's list of all payments of a time. It does not throw. */
export type BankStatement = (window: Window, after: string | undefined) => Promise<StatementPage>

/**
 * `missing_here`: the bank has money of a payment that the system does not have. `missing_at_bank`: the reverse.
 * `amounts_differ`: both have the payment, with other amounts.
 */
export type Difference = {
  kind: 'missing_here' | 'missing_at_bank' | 'amounts_differ'
  orderId?: string
  reference?: string
  currency: string
  here?: BankBalance
  bank?: BankBalance
}

export type ReconciledPage = {
  differences: Difference[]
  /** Payments that were compared. */
  checked: number
  /** Payments of the bank whose orders have left for the archive. They are not compared: our rows have left as well. */
  departed: number
  /** Payments of ours about which the bank did not answer. */
  unread: number
  next?: readonly [Phase, string]
}

type Phase = 'bank' | 'here'

export type ReconcilePorts = {
  statement: BankStatement
  /** Our payments of these orders. */
  booksOf(orderIds: readonly string[]): Promise<ReadonlyMap<string, AuditedPayment>>
  /** For each of these orders: payments of orders that were last heard of before this time have left. */
  departedBefore(orderIds: readonly string[]): Promise<ReadonlyMap<string, Instant>>
  /** A portion of our payments of that time beside the bank's books. */
  listHere(window: Window, after: string): Promise<{ orderIds: string[]; next?: string }>
  bankBooks(orderIds: readonly string[]): Promise<BankBook[]>
}

/**
 * A page of both directions: first the bank's list beside our payments, then our payments that the bank may lack. Nothing
 * is changed. `seen` collects the orders of the bank's list: those are not asked about again.
 */
export const reconcilePage = async (
  window: Window,
  [phase, after]: readonly [Phase, string],
  ports: ReconcilePorts,
  seen: Set<string> = new Set(),
): Promise<ReconciledPage> =>
  phase === 'bank' ? await bankPage(window, after, ports, seen) : await herePage(window, after, ports, seen)

export const FIRST_PAGE: readonly [Phase, string] = ['bank', '']

export const isPhase = (name: string): name is Phase => name === 'bank' || name === 'here'

const bankPage = async (
  window: Window,
  after: string,
  { statement, booksOf, departedBefore }: ReconcilePorts,
  seen: Set<string>,
): Promise<ReconciledPage> => {
  const page = await statement(window, after === '' ? undefined : after)
  if (page.kind === 'unknown') throw new Error(page.detail)
  const orderIds = page.payments.flatMap(({ orderId }) => orderId ?? [])
  for (const orderId of orderIds) seen.add(orderId)
  const ours = await booksOf(orderIds)
  const unknown = orderIds.filter((orderId) => !ours.has(orderId))
  const before = unknown.length === 0 ? new Map<string, Instant>() : await departedBefore(unknown)
  const compared = page.payments.filter((each) => !hasLeft(each, before.get(each.orderId ?? '')))
  return {
    differences: compared.flatMap((each) => differenceAt(each, ours.get(each.orderId ?? '')) ?? []),
    ...{ checked: compared.length, departed: page.payments.length - compared.length, unread: 0 },
    next: page.next === undefined ? ['here', ''] : ['bank', page.next],
  }
}

const herePage = async (
  window: Window,
  after: string,
  { listHere, bankBooks }: ReconcilePorts,
  seen: Set<string>,
): Promise<ReconciledPage> => {
  const { orderIds, next } = await listHere(window, after)
  const books = await bankBooks(orderIds.filter((orderId) => !seen.has(orderId)))
  return {
    differences: books.flatMap((book) => missingAtBank(book) ?? []),
    ...{ checked: orderIds.length, departed: 0 },
    unread: books.filter(({ kind }) => kind === 'unread').length,
    ...(next !== undefined && { next: ['here', next] as const }),
  }
}

/** No payment leaves while the bank holds money for it: held money without a payment of ours is a difference. */
const hasLeft = ({ at, balance }: BankPayment, before: Instant = Number.NEGATIVE_INFINITY): boolean =>
  at < before && balance.heldMinor === 0

const isNothing = ({ heldMinor, capturedMinor, refundedMinor }: BankBalance): boolean =>
  heldMinor === 0 && capturedMinor === 0 && refundedMinor === 0

/** A payment with a call under way is compared the next time. A payment of the bank without money is none. */
const differenceAt = (
  { reference, orderId, currency, balance: bank }: BankPayment,
  ours: AuditedPayment | undefined,
): Difference | undefined => {
  const about = { reference, currency, bank, ...(orderId !== undefined && { orderId }) }
  if (ours === undefined) return isNothing(bank) ? undefined : { kind: 'missing_here', ...about }
  const here = balanceHere(ours)
  const isAlike =
    here.heldMinor === bank.heldMinor &&
    here.capturedMinor === bank.capturedMinor &&
    here.refundedMinor === bank.refundedMinor
  return isAlike || !ours.isAtRest ? undefined : { kind: 'amounts_differ', ...about, here }
}

const missingAtBank = (book: BankBook): Difference | undefined => {
  if (book.kind !== 'read' || !isNothing(book.bank)) return undefined
  const { orderId, currency, status, amountMinor, capturedMinor, refundedMinor } = book.payment
  const here = { heldMinor: status === 'authorized' ? amountMinor : 0, capturedMinor, refundedMinor }
  return isNothing(here) ? undefined : { kind: 'missing_at_bank', orderId, currency, here, bank: book.bank }
}

const balanceHere = ({ book }: AuditedPayment): BankBalance => ({
  heldMinor: book.status === 'authorized' ? book.amountMinor : 0,
  capturedMinor: book.capturedMinor,
  refundedMinor: book.refundedMinor,
})

const DAY_MS = 24 * 60 * MINUTE_MS
const HOUR_OF_DAY = 3
/** The period of the cron trigger. */
const TRIGGER_MS = 10 * MINUTE_MS
/** Some 10 000 payments. A larger shop reconciles with `npm run ops`. */
const DAILY_PAGES_MAX = 100

/** The time that the daily job reconciles, in the one run of the trigger that does it: the day before. */
export const dailyWindow = (now: Instant): Window | undefined => {
  const today = Math.floor(now / DAY_MS) * DAY_MS
  const since = now - (today + HOUR_OF_DAY * 60 * MINUTE_MS)
  return since >= 0 && since < TRIGGER_MS ? { from: today - DAY_MS, to: today } : undefined
}

/** Both directions for a whole day. `isComplete` is false where there are more pages than one run may read. */
export const reconcileAll = async (window: Window, ports: ReconcilePorts) => {
  const seen = new Set<string>()
  const differences: Difference[] = []
  let position: ReconciledPage['next'] = FIRST_PAGE
  const sum = { checked: 0, departed: 0, unread: 0 }
  for (let pages = 0; pages < DAILY_PAGES_MAX && position !== undefined; pages += 1) {
    const page: ReconciledPage = await reconcilePage(window, position, ports, seen)
    differences.push(...page.differences)
    sum.checked += page.checked
    sum.departed += page.departed
    sum.unread += page.unread
    position = page.next
  }
  return { differences, ...sum, isComplete: position === undefined }
}
