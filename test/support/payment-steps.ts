import type { Instant } from '../../src/kernel/instant.ts'
import type { BankLookup, BankOperation, BankRecord, BankResult } from '../../src/payment/bank.ts'
import type { Payment } from '../../src/payment/payment.ts'
import { begin, recordLookup, recordResult } from '../../src/payment/steps.ts'
import { NOW, ORDER_ID } from './builders.ts'

export const approved = (reference = 'auth_1'): BankResult => ({ kind: 'succeeded', reference })
export const declined: BankResult = { kind: 'declined', code: 'card_declined', detail: 'No.' }
export const error: BankResult = { kind: 'error', detail: 'The bank answered 500.' }
export const noAnswer: BankResult = { kind: 'unknown', detail: 'no answer within 5000 ms' }

/** The bank's books, as a look-up finds them. */
export const books = (...records: BankRecord[]): BankLookup => ({ kind: 'found', records })

export const booked = (
  operation: BankOperation,
  key: string,
  outcome: BankRecord['outcome'] = 'succeeded',
): BankRecord => ({
  operation,
  idempotencyKey: `${ORDER_ID}/${key}`,
  amountMinor: 15_000,
  outcome,
  reference: 'auth_1',
})

/** The payment after the bank has said these things, one to each call or look-up that it was asked. */
export const afterBank = (payment: Payment, ...said: (BankResult | BankLookup)[]): Payment =>
  said.reduce((each, answer) => tell(each, answer, NOW), payment)

const tell = (payment: Payment, said: BankResult | BankLookup, now: Instant): Payment => {
  const begun = begin(payment, now)
  if (begun.directive.kind === 'call' && said.kind !== 'found') {
    return recordResult(
      begun.payment,
      { ...begun.directive.call, begunAt: begun.directive.begunAt },
      said,
      now,
    )
  }
  if (begun.directive.kind === 'lookUp' && (said.kind === 'found' || said.kind === 'unknown')) {
    return recordLookup(begun.payment, begun.directive, said, now)
  }
  throw new Error(`the bank was not asked for "${said.kind}": ${JSON.stringify(begun.directive)}`)
}
