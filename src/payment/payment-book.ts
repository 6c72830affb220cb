import type { BankBalance, BankBook, PaymentBook } from '../contracts/books.ts'
import type { Bank, BankOperation, BankQuestion, BankRecord } from './bank.ts'
import { type Payment, pendingRefund } from './payment.ts'

/** Look-ups that run at the same time. */
const LOOKUPS_AT_ONCE = 6

/** As much of a payment as the audit needs. */
export const toPaymentBook = (payment: Payment): PaymentBook => ({
  orderId: payment.orderId,
  status: payment.status,
  currency: payment.currency,
  amountMinor: payment.amountMinor,
  capturedMinor: payment.capturedMinor,
  refundedMinor: payment.refundedMinor,
})

/** A payment as it is compared with the bank's books. */
export type AuditedPayment = {
  book: PaymentBook
  authorizationId?: string
  revision: number
  isAtRest: boolean
}

/** `isAtRest`: no call of the bank is under way or about to be made, so its books say the same until the payment changes. */
export const toAuditedPayment = (payment: Payment): AuditedPayment => ({
  book: toPaymentBook(payment),
  ...(payment.authorizationId !== undefined && { authorizationId: payment.authorizationId }),
  revision: payment.revision,
  isAtRest:
    payment.status !== 'pending' && payment.step === undefined && pendingRefund(payment) === undefined,
})

type Ports = {
  /** The payments of these orders, as they are stored. */
  read(orderIds: readonly string[]): Promise<ReadonlyMap<string, AuditedPayment>>
  lookUp: Bank['lookUp']
}

/**
 * Payments beside the bank's books. A payment is read before its books and after them: it counts where it was at rest and
 * did not change in between.
 */
export const readBankBooks = async (
  orderIds: readonly string[],
  { read, lookUp }: Ports,
): Promise<BankBook[]> => {
  const before = await read(orderIds)
  const balances = new Map<string, BankBalance | undefined>()
  const resting = [...before.values()].filter(({ isAtRest }) => isAtRest).map(questionOf)
  for (let start = 0; start < resting.length; start += LOOKUPS_AT_ONCE) {
    const asked = resting.slice(start, start + LOOKUPS_AT_ONCE)
    const found = await Promise.all(asked.map(lookUp))
    for (const [nth, lookup] of found.entries())
      balances.set(asked[nth]?.orderId ?? '', lookup.kind === 'found' ? balanceOf(lookup.records) : undefined)
  }
  const after = await read(resting.map(({ orderId }) => orderId))
  return orderIds.map((orderId): BankBook => {
    const payment = after.get(orderId)
    const bank = balances.get(orderId)
    if (payment === undefined || payment.revision !== before.get(orderId)?.revision || !payment.isAtRest)
      return { kind: 'under way', orderId }
    return bank === undefined ? { kind: 'unread', orderId } : { kind: 'read', payment: payment.book, bank }
  })
}

const questionOf = ({ book, authorizationId }: AuditedPayment): BankQuestion => ({
  orderId: book.orderId,
  currency: book.currency,
  ...(authorizationId !== undefined && { authorizationId }),
})

/** What the operations of an order come to. */
export const balanceOf = (records: readonly BankRecord[]): BankBalance => {
  const sumOf = (operation: BankOperation) =>
    records
      .filter((record) => record.operation === operation && record.outcome === 'succeeded')
      .reduce((total, record) => total + record.amountMinor, 0)
  const capturedMinor = sumOf('capture')
  return {
    heldMinor: sumOf('authorize') - capturedMinor - sumOf('void'),
    capturedMinor,
    refundedMinor: sumOf('refund'),
  }
}
