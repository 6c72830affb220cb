import { type Caller, mayActFor } from '../../contracts/caller.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance, TooMany } from '../../messaging/hourly-allowance.ts'
import { type IdempotentRequest, recall, remember, type StoredAnswer } from '../../messaging/idempotency.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { sentOnce } from '../../messaging/redelivery.ts'
import { readStored } from '../../messaging/stored-document.ts'
import { refundRequested } from '../payment-events.ts'
import { REFUND_VIEW, type RefundView, viewRefund } from '../payment-view.ts'
import { type RefundRefusal, refundFor, type WantedRefund } from '../refunds.ts'
import { loadPayments, type PaymentRow } from './payment-store.ts'

export type RefundRequest = WantedRefund & {
  orderId: string
  caller: Caller
  request: IdempotentRequest | undefined
}

export type RefundAnswer = Result<
  { refund: RefundView; isReplay: boolean },
  | RefundRefusal
  | { code: 'payment_not_found' | 'idempotency_key_reused'; detail: string }
  | (TooMany & { detail: string })
>

type Ports = {
  host: PartitionHost
  keys: HourlyAllowance
  store(row: PaymentRow, now: Instant): void
}

/** How refunds are asked for. Used in a turn. */
export const createRefunding = ({ host, keys, store }: Ports) => {
  const { sql } = host

  const take = (row: PaymentRow, wanted: RefundRequest, now: Instant): RefundAnswer => {
    const { payment } = row
    const refund = refundFor(payment, wanted, now)
    if (!refund.ok) return refund
    const revision = payment.revision + 1
    const changed = { ...payment, refunds: [...payment.refunds, refund.value], revision, changedAt: now }
    host.publish([{ to: 'payment', event: refundRequested(changed, refund.value) }])
    store({ ...row, payment: changed, ...sentOnce(now) }, now)
    const subject = subjectOf(wanted)
    remember(sql, wanted.request, { status: 202, body: null, subject }, now)
    keys.count(wanted.request?.client)
    return success({ refund: viewRefund(changed, refund.value), isReplay: false })
  }

  return (wanted: RefundRequest): RefundAnswer => {
    const now = host.now()
    const recalled = recall(sql, wanted.request, now)
    if (recalled.kind === 'reused') return refusal({ code: 'idempotency_key_reused', detail: '' })
    if (recalled.kind === 'replay')
      return success({ refund: askedFor(host, recalled.answer), isReplay: true })
    const row = loadPayments(sql, [wanted.orderId]).get(wanted.orderId)
    if (row === undefined || !mayActFor(wanted.caller, row.payment.client)) {
      return refusal({ code: 'payment_not_found', detail: '' })
    }
    const retryAfterSeconds = keys.retryAfterSeconds(wanted.request?.client)
    if (retryAfterSeconds !== undefined)
      return refusal({ code: 'rate_limited', detail: '', retryAfterSeconds })
    return take(row, wanted, now)
  }
}

/** Neither id has a slash in it. */
const subjectOf = ({ orderId, refundId }: RefundRequest): string => `${orderId}/${refundId}`

/** A refund stays with its payment for ever, and was pending when it was asked for. Older code kept the view. */
const askedFor = ({ sql }: PartitionHost, { body, subject }: StoredAnswer): RefundView => {
  if (body !== null) return readStored(REFUND_VIEW, body)
  const [orderId = '', refundId] = subject.split('/')
  const payment = loadPayments(sql, [orderId]).get(orderId)?.payment
  const refund = payment?.refunds.find((each) => each.refundId === refundId)
  if (payment === undefined || refund === undefined) {
    throw new Error(`Broken invariant: refund ${subject} was answered and is not stored`)
  }
  return viewRefund(payment, { ...refund, state: 'pending' })
}
