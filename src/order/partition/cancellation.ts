import { type Caller, mayActFor } from '../../contracts/caller.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import { type IdempotentRequest, recall, remember, type StoredAnswer } from '../../messaging/idempotency.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { cancelledView, storedCancellation } from '../cancellation-answer.ts'
import type { Order } from '../order.ts'
import { type OrderView, viewOrder } from '../order-view.ts'
import type { OrderFact } from '../saga.ts'
import { loadOrder, type OrderRow, updateOrder } from './order-store.ts'

export type CancelRequest = {
  orderId: string
  caller: Caller
  request: IdempotentRequest | undefined
  detail: string
  traceparent: string | undefined
}

/** 202 where this request cancelled the order, 200 where it was cancelled before. */
type CancelStatus = 200 | 202

export type CancelAnswer = Result<
  { status: CancelStatus; order: OrderView; isReplay: boolean },
  { code: 'order_not_found' | 'order_not_cancellable' | 'idempotency_key_reused' } | TooMany
>

type Ports = {
  host: PartitionHost
  keys: HourlyAllowance
  /** The row after one fact: the same row where nothing changed. */
  apply(row: OrderRow, fact: OrderFact, now: Instant): OrderRow
}

/** How orders are cancelled. Used in a turn. */
export const createCancelling = ({ host, keys, apply }: Ports) => {
  const cancelledBefore = ({ status, body, subject }: StoredAnswer): CancelAnswer => {
    if (!isCancelStatus(status)) throw new Error(`Broken invariant: no cancellation has the status ${status}`)
    const order = cancelledView(body ?? 'null', () => loadOrder(host.sql, subject)?.order)
    return success({ status, order, isReplay: true })
  }

  const answered = (order: Order, status: CancelStatus, { request }: CancelRequest): CancelAnswer => {
    const { orderId } = order
    if (order.status !== 'cancelled') throw new Error(`Broken invariant: ${orderId} was not cancelled`)
    remember(host.sql, request, { status, body: storedCancellation(order), subject: orderId }, host.now())
    keys.count(request?.client)
    return success({ status, order: viewOrder(order), isReplay: false })
  }

  return (wanted: CancelRequest): CancelAnswer => {
    const { orderId, caller, request, detail, traceparent } = wanted
    const now = host.now()
    const recalled = recall(host.sql, request, now)
    if (recalled.kind === 'reused') return refusal({ code: 'idempotency_key_reused' })
    if (recalled.kind === 'replay') return cancelledBefore(recalled.answer)
    const row = loadOrder(host.sql, orderId)
    if (row === undefined || !mayActFor(caller, row.order.client)) return refusal({ code: 'order_not_found' })
    if (row.order.status === 'rejected') return refusal({ code: 'order_not_cancellable' })
    const retryAfterSeconds = keys.retryAfterSeconds(request?.client)
    if (retryAfterSeconds !== undefined) return refusal({ code: 'rate_limited', retryAfterSeconds })
    const changed = apply(row, { type: 'CancellationRequested', detail, traceparent }, now)
    if (changed !== row) updateOrder(host.sql, changed)
    return answered(changed.order, changed === row ? 200 : 202, wanted)
  }
}

const isCancelStatus = (status: number): status is CancelStatus => status === 200 || status === 202
