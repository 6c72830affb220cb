import type { EventOf } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import { fromTimestamp, type Instant } from '../kernel/instant.ts'
import { toMinor } from '../kernel/money.ts'
import {
  type HistoryEntry,
  type InventoryStatus,
  isSettled,
  type Order,
  type PaymentLeg,
  type PaymentStatus,
  type Reason,
} from './order.ts'

type InventoryFact = EventOf<'StockReserved' | 'StockRejected' | 'StockCommitted' | 'StockReleased'>
type PaymentFact = EventOf<
  | 'PaymentAuthorized'
  | 'PaymentDeclined'
  | 'PaymentCaptured'
  | 'PaymentFailed'
  | 'PaymentVoided'
  | 'PaymentRefunded'
>

/** A service's report on its leg of the order: where that leg stands now. */
export type LegReport = InventoryFact | PaymentFact

/** A leg that was open for a long time asks for the order's decision. */
export type LegInquiry = EventOf<'ReservationOverdue' | 'AuthorizationOverdue'>

export type OrderFact =
  | LegReport
  | { type: 'DeadlinePassed' }
  /** The decision has not taken effect in the time that it normally needs. */
  | { type: 'EffectOverdue' }
  | { type: 'CancellationRequested'; detail: string; traceparent?: string | undefined }

/**
 * The saga. It takes one fact and returns the order after it; where the fact changes nothing, it returns the same
 * object. It calls nothing and waits for nothing. The result tells what has to be published: see `outstandingLegs`.
 */
export const decide = (order: Order, fact: OrderFact, now: Instant): Order => {
  switch (fact.type) {
    case 'StockReserved':
    case 'StockRejected':
    case 'StockCommitted':
    case 'StockReleased':
      return conclude(order, withInventory(order, fact), fact, now)
    case 'PaymentAuthorized':
    case 'PaymentDeclined':
    case 'PaymentCaptured':
    case 'PaymentFailed':
    case 'PaymentVoided':
    case 'PaymentRefunded':
      return conclude(order, withPayment(order, fact), fact, now)
    case 'DeadlinePassed':
      return order.status === 'pending' ? settle(reject(order, deadlineExceeded, now), now) : order
    case 'EffectOverdue':
      return withOverdue(order, now)
    case 'CancellationRequested':
      return cancelByClient(order, fact, now)
    default:
      return assertNever(fact)
  }
}

/** The services in which the order's last decision has not taken effect yet. */
export const outstandingLegs = (order: Order): ('inventory' | 'payment')[] => {
  const legs: ('inventory' | 'payment')[] = []
  if (!INVENTORY_DONE[order.status].includes(order.inventory.status)) legs.push('inventory')
  if (!PAYMENT_DONE[order.status].includes(order.payment.status)) legs.push('payment')
  return legs
}

const PAYMENT_ENDED: readonly PaymentStatus[] = ['declined', 'voided', 'failed', 'refunded']
const INVENTORY_ENDED: readonly InventoryStatus[] = ['rejected', 'released']

/** The states of a leg in which the decision has taken effect. For a pending order: in which the leg has reported. */
const INVENTORY_DONE: Record<Order['status'], readonly InventoryStatus[]> = {
  pending: ['reserved', 'committed', ...INVENTORY_ENDED],
  confirmed: ['committed'],
  rejected: INVENTORY_ENDED,
  cancelled: INVENTORY_ENDED,
}
const PAYMENT_DONE: Record<Order['status'], readonly PaymentStatus[]> = {
  pending: ['authorized', 'captured', ...PAYMENT_ENDED],
  confirmed: ['captured', 'refunded'],
  rejected: PAYMENT_ENDED,
  cancelled: PAYMENT_ENDED,
}

/** A leg only moves forward. A report that a later one has overtaken, or that contradicts the leg, changes nothing. */
const INVENTORY_NEXT: Record<InventoryStatus, readonly InventoryStatus[]> = {
  pending: ['reserved', 'committed', 'released', 'rejected'],
  reserved: ['committed', 'released'],
  committed: ['released'],
  released: [],
  rejected: [],
}
const PAYMENT_NEXT: Record<PaymentStatus, readonly PaymentStatus[]> = {
  pending: ['authorized', 'captured', 'refunded', 'declined', 'voided', 'failed'],
  authorized: ['captured', 'refunded', 'voided', 'failed'],
  captured: ['refunded'],
  refunded: [],
  declined: [],
  voided: [],
  failed: [],
}

const INVENTORY_STATUS = {
  StockReserved: 'reserved',
  StockRejected: 'rejected',
  StockCommitted: 'committed',
  StockReleased: 'released',
} as const satisfies Record<InventoryFact['type'], InventoryStatus>

const PAYMENT_STATUS = {
  PaymentAuthorized: 'authorized',
  PaymentDeclined: 'declined',
  PaymentCaptured: 'captured',
  PaymentFailed: 'failed',
  PaymentVoided: 'voided',
} as const satisfies Record<Exclude<PaymentFact['type'], 'PaymentRefunded'>, PaymentStatus>

const withInventory = (order: Order, fact: InventoryFact): Order => {
  const status = INVENTORY_STATUS[fact.type]
  if (!INVENTORY_NEXT[order.inventory.status].includes(status)) return order
  return record({ ...order, inventory: { status } }, fact)
}

const withPayment = (order: Order, fact: PaymentFact): Order => {
  const isNewRefund = fact.type === 'PaymentRefunded' && !hasRefund(order, fact.data.refundId)
  const leg = mergePayment(order.payment, reportedLeg(fact))
  const hasMoved = leg.status !== order.payment.status || leg.capturedMinor !== order.payment.capturedMinor
  const hasChanged = leg.refundedMinor !== order.payment.refundedMinor || leg.stuck !== order.payment.stuck
  if (!hasMoved && !hasChanged && !isNewRefund) return order
  const next = { ...order, payment: leg }
  const isNewFact = fact.type === 'PaymentRefunded' ? isNewRefund : hasMoved
  return isNewFact ? record(next, fact) : { ...next, version: order.version + 1 }
}

const hasRefund = (order: Order, refundId: string): boolean =>
  order.history.some((entry) => entry.type === 'PaymentRefunded' && entry.occurrence === refundId)

const reportedLeg = (fact: PaymentFact): PaymentLeg => {
  const capturedMinor = toMinor(fact.data.capturedAmount, fact.data.currency) ?? 0
  const refundedMinor = toMinor(fact.data.refundedAmount, fact.data.currency) ?? 0
  const amounts = { capturedMinor, refundedMinor, ...stuckOf(fact) }
  if (fact.type !== 'PaymentRefunded') return { status: PAYMENT_STATUS[fact.type], ...amounts }
  return { status: refundedMinor < capturedMinor ? 'captured' : 'refunded', ...amounts }
}

const stuckOf = (fact: PaymentFact): { stuck?: string } =>
  'stuck' in fact.data && fact.data.stuck !== undefined
    ? { stuck: `${fact.data.stuck.code}: ${fact.data.stuck.detail}` }
    : {}

/** Amounts are cumulative. Of two reports that arrive in the wrong order, the one with the larger amount is later. */
const mergePayment = (known: PaymentLeg, reported: PaymentLeg): PaymentLeg => {
  const status = PAYMENT_NEXT[known.status].includes(reported.status) ? reported.status : known.status
  const stuck = PAYMENT_ENDED.includes(status) ? undefined : (reported.stuck ?? known.stuck)
  return {
    status,
    capturedMinor: Math.max(known.capturedMinor, reported.capturedMinor),
    refundedMinor: Math.max(known.refundedMinor, reported.refundedMinor),
    ...(stuck !== undefined && { stuck }),
  }
}

/** Marks the order for operators and counters. Its events go on being published all the same. */
const withOverdue = (order: Order, now: Instant): Order =>
  order.status === 'pending' || isSettled(order) || order.overdueSince !== undefined
    ? order
    : { ...order, version: order.version + 1, overdueSince: now }

/** Once a leg has moved, the order may be decided, and a decided order may be settled. */
const conclude = (before: Order, order: Order, cause: LegReport, now: Instant): Order =>
  order === before ? order : settle(whenLegMoved(order, cause, now), now)

const whenLegMoved = (order: Order, cause: LegReport, now: Instant): Order => {
  const { inventory, payment } = order
  if (order.status === 'confirmed') {
    const isRefused = payment.status === 'failed' || payment.status === 'voided'
    return isRefused ? cancel(order, paymentFailed(cause), now, cause) : order
  }
  if (order.status !== 'pending') return order
  if (INVENTORY_ENDED.includes(inventory.status)) return reject(order, outOfStock(cause), now, cause)
  if (payment.status === 'declined') return reject(order, paymentDeclined(cause), now, cause)
  if (PAYMENT_ENDED.includes(payment.status)) return reject(order, paymentFailed(cause), now, cause)
  return outstandingLegs(order).length === 0 ? confirm(order, now, cause) : order
}

const confirm = (order: Order, now: Instant, cause: LegReport): Order =>
  record({ ...order, status: 'confirmed', decidedAt: now }, own('OrderConfirmed', order, now, cause))

const reject = (order: Order, reason: Reason, now: Instant, cause?: LegReport): Order =>
  record({ ...order, status: 'rejected', decidedAt: now, reason }, own('OrderRejected', order, now, cause))

const cancel = (order: Order, reason: Reason, now: Instant, cause?: Cause): Order => {
  const { settledAt: _cleared, overdueSince: _stale, ...rest } = order as Order & { settledAt?: Instant }
  return record(
    { ...rest, status: 'cancelled', decidedAt: now, reason },
    own('OrderCancelled', order, now, cause),
  )
}

const cancelByClient = (
  order: Order,
  fact: { detail: string; traceparent?: string | undefined },
  now: Instant,
): Order => {
  if (order.status === 'rejected' || order.status === 'cancelled') return order
  const reason: Reason = { code: 'cancelled_by_client', detail: fact.detail }
  return settle(cancel(order, reason, now, { traceparent: fact.traceparent }), now)
}

const settle = (order: Order, now: Instant): Order => {
  if (order.status === 'pending' || isSettled(order) || outstandingLegs(order).length > 0) return order
  const times = order.history.filter((entry) => entry.type === 'OrderSettled').length
  const settled: HistoryEntry = {
    ...own('OrderSettled', order, now),
    ...(times > 0 && { occurrence: String(order.version + 1) }),
    data: { orderId: order.orderId, status: order.status },
  }
  const { overdueSince: _over, ...rest } = order
  return record({ ...rest, settledAt: now }, settled)
}

type Cause = { id?: string; hops?: number; traceparent?: string | undefined }

type OwnType = 'OrderConfirmed' | 'OrderRejected' | 'OrderCancelled' | 'OrderSettled'

const own = (type: OwnType, order: Order, now: Instant, cause: Cause = {}): HistoryEntry => {
  const traceparent = cause.traceparent ?? order.traceparent
  return {
    type,
    at: now,
    revision: order.version + 1,
    hops: cause.hops === undefined ? 0 : cause.hops + 1,
    ...(cause.id !== undefined && { causationId: cause.id }),
    ...(traceparent !== undefined && { traceparent }),
  }
}

/** Adds a fact to the history. This is one change of the order, so its version grows by one. */
const record = (order: Order, fact: HistoryEntry | LegReport): Order => ({
  ...order,
  version: order.version + 1,
  history: [...order.history, 'specversion' in fact ? entryOf(fact) : fact],
})

const entryOf = (fact: LegReport): HistoryEntry => ({
  type: fact.type,
  at: fromTimestamp(fact.time),
  revision: fact.revision,
  hops: fact.hops,
  ...(fact.type === 'PaymentRefunded' && { occurrence: fact.data.refundId }),
  ...(fact.causationid !== undefined && { causationId: fact.causationid }),
  ...(fact.traceparent !== undefined && { traceparent: fact.traceparent }),
  data: fact.data,
})

const deadlineExceeded: Reason = {
  code: 'deadline_exceeded',
  detail: 'Inventory and payment did not both answer in time.',
}

const outOfStock = (cause: LegReport): Reason => {
  const shortages = cause.type === 'StockRejected' ? cause.data.lines : []
  const detail = shortages
    .map((line) => `${line.productId}: ${line.requested} requested, ${line.available} available`)
    .join('; ')
  return { code: 'out_of_stock', detail: detail || 'The stock of this order had already been released.' }
}

const paymentDeclined = (cause: LegReport): Reason => ({
  code: 'payment_declined',
  detail: cause.type === 'PaymentDeclined' ? cause.data.reason.detail : 'The bank declined the payment.',
})

const paymentFailed = (cause: LegReport): Reason => ({
  code: 'payment_failed',
  detail:
    cause.type === 'PaymentFailed'
      ? cause.data.reason.detail
      : 'The payment of this order had already been given back.',
})
