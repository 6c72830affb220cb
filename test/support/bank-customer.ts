import type { BankCall } from '../../src/payment/bank.ts'
import { SimulatedBank } from '../../workers/payment/gateways/simulated-bank.ts'
import { ORDER_ID } from './builders.ts'
import { createMemoryHost } from './memory-host.ts'

/** What the bank names the first authorization of the order. */
export const AUTHORIZATION = `sim_${ORDER_ID}_1`

/** A bank, and calls to it about one order that is paid with `token`. */
export const customer = (token?: string, demo?: { isDemo: boolean }) => {
  const bank = new SimulatedBank(createMemoryHost().host, demo)
  const ask = (operation: BankCall['operation'], changes: Partial<BankCall> = {}) => {
    const call: BankCall = {
      operation,
      orderId: ORDER_ID,
      amountMinor: 15_000,
      currency: 'USD',
      ...(operation === 'authorize' && token !== undefined && { token }),
      ...(operation !== 'authorize' && { authorizationId: AUTHORIZATION }),
      idempotencyKey: `${ORDER_ID}/${operation}/1`,
      ...changes,
    }
    const [answer] = bank.perform([call])
    if (answer === undefined) throw new Error('the bank gave no answer')
    return answer
  }
  return {
    bank,
    ask,
    kindOf: (operation: BankCall['operation'], keyNumber = 1) =>
      ask(operation, { idempotencyKey: `${ORDER_ID}/${operation}/${keyNumber}` }).answer.kind,
    balance: () => {
      const { heldMinor, capturedMinor, refundedMinor } = bank.books(ORDER_ID)
      return [heldMinor, capturedMinor, refundedMinor]
    },
  }
}
