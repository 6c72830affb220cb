import type { Payment } from '../../../src/payment/payment.ts'
import type { BankBalance } from '../platform/hostile-bank.ts'
import type { System } from '../system/system.ts'
import { bankOf, type Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** The bank keeps the limits of each payment, and our books agree with its books. */
export const checkBank = (
  stored: Stored,
  system: System,
  excused: ReadonlySet<string>,
  violated: Violated,
): void => {
  for (const payment of stored.payments.values()) {
    const bank = bankOf(system)(payment.orderId)
    checkLimits(payment, bank, violated)
    if (excused.has(payment.orderId)) continue
    checkBooks(payment, bank, violated)
    const order = stored.orders.get(payment.orderId)?.order
    if (order !== undefined && order.payment.refundedMinor !== bank.refundedMinor) {
      const detail = `${payment.orderId}: ${order.payment.refundedMinor}, at the bank ${bank.refundedMinor}`
      violated('the order knows its refunds', detail)
    }
  }
}

const checkLimits = ({ orderId, amountMinor }: Payment, bank: BankBalance, violated: Violated): void => {
  if (bank.authorizations > 1 || bank.captures > 1) {
    violated(
      'at most one authorization and one capture',
      `${orderId}: ${bank.authorizations} and ${bank.captures}`,
    )
  }
  if (bank.refundedMinor > bank.capturedMinor) {
    violated('refunds never exceed the capture', `${orderId}: ${bank.refundedMinor} of ${bank.capturedMinor}`)
  }
  if (bank.capturedMinor !== 0 && bank.capturedMinor !== amountMinor) {
    violated('captured is nothing or the total', `${orderId}: ${bank.capturedMinor} of ${amountMinor}`)
  }
}

const checkBooks = (payment: Payment, bank: BankBalance, violated: Violated): void => {
  const { orderId, step, capturedMinor, refundedMinor, refunds } = payment
  if (step !== undefined)
    violated('no work is outstanding at rest', `${orderId} has an open step: ${step.operation}`)
  if (refunds.some((refund) => refund.state === 'pending')) {
    violated('no work is outstanding at rest', `${orderId} has a pending refund`)
  }
  if (capturedMinor !== bank.capturedMinor || refundedMinor !== bank.refundedMinor) {
    const ours = `${capturedMinor} captured and ${refundedMinor} refunded`
    const theirs = `${bank.capturedMinor} and ${bank.refundedMinor}`
    violated('our books are the bank’s', `${orderId}: ${ours}, at the bank ${theirs}`)
  }
}
