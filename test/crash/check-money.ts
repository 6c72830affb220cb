import type { Evidence } from './evidence.ts'
import type { Order } from './ledger.ts'
import { inCents } from './settling.ts'
import type { ViolationKind } from './violations.ts'

type Finding = { kind: ViolationKind; detail: string }

/** The errors in an order's money: the bank's own books against the order, the payment and the accepted refunds. */
export const checkMoney = (evidence: Evidence, order: Order): Finding[] => {
  const { bank } = evidence
  if (bank === undefined) return [{ kind: 'wrong money', detail: 'the bank has no books about it' }]
  const held = inCents(bank.authorizedAmount)
  const captured = inCents(bank.capturedAmount)
  const refunded = inCents(bank.refundedAmount)
  const total = inCents(order.totalAmount)
  const accepted = evidence.refunds.reduce((sum, { amount }) => sum + inCents(amount), 0)
  const wrong = (isWrong: boolean, detail: string): Finding[] =>
    isWrong ? [{ kind: 'wrong money', detail }] : []
  const isConfirmed = order.status === 'confirmed'
  return [
    ...repeated(evidence, 'authorize', 'double authorization'),
    ...repeated(evidence, 'capture', 'double capture'),
    ...wrong(captured !== 0 && captured !== total, `captured ${captured} of ${total}`),
    ...wrong(isConfirmed && captured !== total, `confirmed, and ${captured} of ${total} captured`),
    ...wrong(!isConfirmed && captured !== refunded, `${order.status}, and ${captured - refunded} kept`),
    ...wrong(held !== 0, `${held} still held`),
    ...wrong(refunded > captured, `refunded ${refunded} of ${captured}`),
    ...wrong(isConfirmed && refunded !== accepted, `refunded ${refunded}, accepted ${accepted}`),
    ...wrong(refunded < accepted, `refunded ${refunded}, accepted ${accepted}`),
    ...wrong(inCents(order.payment.capturedAmount) !== captured, 'the order shows another captured amount'),
    ...wrong(inCents(order.payment.refundedAmount) !== refunded, 'the order shows another refunded amount'),
    ...paymentFaults(evidence, order).flatMap((detail) => wrong(true, detail)),
  ]
}

const repeated = ({ bank }: Evidence, type: string, kind: ViolationKind): Finding[] => {
  const done = bank?.operations.filter((each) => each.type === type && each.outcome === 'succeeded') ?? []
  return done.length > 1 ? [{ kind, detail: `${done.length} times` }] : []
}

const paymentFaults = (evidence: Evidence, order: Order): string[] => {
  const { payment, refunds } = evidence
  if (payment === undefined) return ['there is no payment']
  const isMade = ({ refundId, amount }: { refundId: string; amount: number }) =>
    payment.refunds.some(
      (each) => each.refundId === refundId && each.status === 'succeeded' && each.amount === amount,
    )
  const lost = refunds.filter((refund) => !isMade(refund))
  return [
    ...lost.map(({ refundId }) => `the accepted refund ${refundId} was not made`),
    ...(payment.status === order.payment.status
      ? []
      : [`the payment is ${payment.status}, the order shows ${order.payment.status}`]),
    ...(payment.stuck === undefined ? [] : [`the payment is stuck: ${payment.stuck.detail}`]),
  ]
}
