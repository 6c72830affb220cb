import type { System } from '../system/system.ts'
import { bankOf, load } from './stored.ts'
import type { Violated } from './violated.ts'

/** Shortly before the bank gives an authorization up, it is captured or released, and the payment says which. */
export const checkAbandoned = (
  system: System,
  { orderId, isConfirmed }: { orderId: string; isConfirmed: boolean },
  violated: Violated,
): void => {
  const invariant = 'no authorization lapses before it is captured or released'
  const payment = load(system).payments.get(orderId)
  if (payment === undefined) {
    violated(invariant, 'the payment was never begun')
    return
  }
  const bank = bankOf(system)(orderId)
  if (bank.heldMinor !== 0) violated(invariant, `the bank still holds ${bank.heldMinor}`)
  if (bank.authorizations > 1 || bank.captures > (isConfirmed ? 1 : 0))
    violated(invariant, `${bank.authorizations} authorizations and ${bank.captures} captures`)
  const expected = bank.captures > 0 ? ['captured'] : ['voided', 'failed', 'declined']
  if (payment.step !== undefined || !expected.includes(payment.status))
    violated(invariant, `the payment is ${payment.status}, and captured ${bank.capturedMinor} at the bank`)
}
