import { type Caller, mayActFor } from '../../contracts/caller.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import type { IdempotentRequest, StoredResponse } from '../../messaging/idempotency.ts'
import { type Done, type Replied, workOnceWithin } from '../../messaging/idempotent-work.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { cancelledView, storedCancellation } from '../cancellation-answer.ts'
import type { Order } from '../order.ts'
import { type OrderView, viewOrder } from '../order-view.ts'
import type { HeldReports } from './held-reports.ts'
import type { ApplyFact } from './order-changes.ts'
import { loadOrder, type OrderRow } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'

export type CancelRequest = {
  orderId: string
  caller: Caller
  request: IdempotentRequest | undefined
  detail: string
  traceparent: string | undefined
}

/** 202 where this request cancelled the order, 200 where it was cancelled before. */
type CancelStatus = 200 | 202

type Cancelled = { status: CancelStatus; order: OrderView }

type CancelRefusal = { code: 'order_not_found' | 'order_not_cancellable' }

export type CancelReply = Replied<Cancelled, CancelRefusal | TooMany>

type Ports = {
  host: PartitionHost
  writes: OrderWrites
  keys: HourlyAllowance
  applyFact: ApplyFact
  heldReports: HeldReports
}

/** Cancels orders. */
export const createCancellation = ({ host, writes, keys, applyFact, heldReports }: Ports) => {
  const cancelledBefore = ({ status, body, subject }: StoredResponse): Cancelled => {
    if (!isCancelStatus(status)) throw new Error(`Broken invariant: no cancellation has the status ${status}`)
    return { status, order: cancelledView(body ?? 'null', () => loadOrder(host.sql, subject)?.order) }
  }

  return (wanted: CancelRequest): CancelReply =>
    host.turn(() =>
      workOnceWithin(
        { host, keys },
        {
          request: wanted.request,
          replay: cancelledBefore,
          admit: () => cancellable(loadOrder(host.sql, wanted.orderId), wanted.caller),
          work: (row) => {
            const { detail, traceparent } = wanted
            const now = host.now()
            const reported = heldReports.applyTo(row, now, applyFact)
            const changed = applyFact(reported, { type: 'CancellationRequested', detail, traceparent }, now)
            if (changed !== row) writes.update(changed)
            return success(cancelled(changed.order, changed === reported ? 200 : 202))
          },
        },
      ),
    )
}

const cancellable = (row: OrderRow | undefined, caller: Caller): Result<OrderRow, CancelRefusal> => {
  if (row === undefined || !mayActFor(caller, row.order.client)) return refusal({ code: 'order_not_found' })
  return row.order.status === 'rejected' ? refusal({ code: 'order_not_cancellable' }) : success(row)
}

const cancelled = (order: Order, status: CancelStatus): Done<Cancelled> => {
  const { orderId } = order
  if (order.status !== 'cancelled') throw new Error(`Broken invariant: ${orderId} was not cancelled`)
  return {
    reply: { status, order: viewOrder(order) },
    toStore: () => ({ status, body: storedCancellation(order), subject: orderId }),
  }
}

const isCancelStatus = (status: number): status is CancelStatus => status === 200 || status === 202
