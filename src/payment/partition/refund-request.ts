import { type Caller, mayActFor } from '../../contracts/caller.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import type { IdempotentRequest, StoredResponse } from '../../messaging/idempotency.ts'
import { type Done, workOnceWithin } from '../../messaging/idempotent-work.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { sentOnce } from '../../messaging/redelivery.ts'
import type { Sql } from '../../messaging/sql.ts'
import { readStored } from '../../messaging/stored-document.ts'
import { refundRequested } from '../payment-events.ts'
import { REFUND_VIEW, type RefundView, viewRefund } from '../payment-view.ts'
import { type RefundObjection, type RefundRefusal, refundFor, type WantedRefund } from '../refunds.ts'
import type { PaymentRows } from './payment-rows.ts'
import { loadPayments, type PaymentRow } from './payment-store.ts'

export type RefundRequest = WantedRefund & {
  orderId: string
  caller: Caller
  request: IdempotentRequest | undefined
}

type Requested = { refund: RefundView }

/** Every refusal has a detail. It is empty where the code says everything. */
export type RefundReply = Result<
  Requested & { isReplay: boolean },
  | RefundRefusal
  | { code: 'payment_not_found' | 'idempotency_key_reused'; detail: string }
  | (TooMany & { detail: string })
>

type Ports = {
  host: PartitionHost
  keys: HourlyAllowance
  rows: PaymentRows
  refundObjection?: RefundObjection | undefined
}

/** Stores requests for refunds. Used in a turn. */
export const createRefundRequests = ({ host, keys, rows, refundObjection }: Ports) => {
  const { sql } = host

  const request = (row: PaymentRow, wanted: RefundRequest): Result<Done<Requested>, RefundRefusal> => {
    const { payment } = row
    const now = host.now()
    const refund = refundFor(payment, wanted, now, refundObjection)
    if (!refund.ok) return refund
    const revision = payment.revision + 1
    const changed = { ...payment, refunds: [...payment.refunds, refund.value], revision, changedAt: now }
    host.publish([{ to: 'payment', event: refundRequested(changed, refund.value) }])
    rows.storeChanged({ ...row, payment: changed, ...sentOnce(now) }, now)
    const toStore = () => ({ status: 202, body: null, subject: subjectOf(wanted) })
    return success({ reply: { refund: viewRefund(changed, refund.value) }, toStore })
  }

  return (wanted: RefundRequest): RefundReply => {
    const requested = workOnceWithin<Requested, PaymentRow, RefundRefusal | NotFound>(
      { host, keys },
      {
        request: wanted.request,
        replay: (stored) => ({ refund: firstView(sql, stored) }),
        admit: () => refundable(rows.load([wanted.orderId]).get(wanted.orderId), wanted.caller),
        work: (row) => request(row, wanted),
      },
    )
    return requested.ok ? requested : refusal({ detail: '', ...requested.reason })
  }
}

type NotFound = { code: 'payment_not_found' }

const refundable = (row: PaymentRow | undefined, caller: Caller): Result<PaymentRow, NotFound> =>
  row === undefined || !mayActFor(caller, row.payment.client)
    ? refusal({ code: 'payment_not_found' })
    : success(row)

/** Neither id has a slash in it. */
const subjectOf = ({ orderId, refundId }: RefundRequest): string => `${orderId}/${refundId}`

/** A refund stays with its payment for ever, and was pending in its first response. Older code stored the view itself. */
const firstView = (sql: Sql, { body, subject }: StoredResponse): RefundView => {
  if (body !== null) return readStored(REFUND_VIEW, body)
  const [orderId = '', refundId] = subject.split('/')
  const payment = loadPayments(sql, [orderId]).get(orderId)?.payment
  const refund = payment?.refunds.find((each) => each.refundId === refundId)
  if (payment === undefined || refund === undefined) {
    throw new Error(`Broken invariant: refund ${subject} has a response and is not stored`)
  }
  return viewRefund(payment, { ...refund, state: 'pending' })
}
