import type { BankCall } from './bank.ts'
import type { OrderEvent, PaymentReport } from './events.ts'

export type Payment = {
  orderId: string
  amount: number
  token: string
  /** `begun` while the bank is asked for the first time. */
  status: 'begun' | PaymentReport['type']
  /** The order was rejected while the bank was asked. */
  isUnwanted?: boolean
}

/** Takes the event into the payment, and returns what the bank is to do. A repeated event asks for nothing. */
export const begin = (payment: Payment, { type }: OrderEvent): BankCall | undefined => {
  if (type === 'OrderPlaced') return payment.status === 'begun' ? callOf('authorize', payment) : undefined
  if (type === 'OrderConfirmed')
    return payment.status === 'PaymentAuthorized' ? callOf('capture', payment) : undefined
  if (payment.status === 'begun') payment.isUnwanted = true
  return payment.status === 'PaymentAuthorized' ? callOf('void', payment) : undefined
}

/** Takes the bank's answer into the payment, and returns what the bank is to do next. */
export const record = (payment: Payment, { operation }: BankCall, isDone: boolean): BankCall | undefined => {
  if (operation === 'capture') payment.status = 'PaymentCaptured'
  if (operation === 'void') payment.status = 'PaymentVoided'
  if (operation === 'authorize') payment.status = isDone ? 'PaymentAuthorized' : 'PaymentDeclined'
  return payment.isUnwanted && payment.status === 'PaymentAuthorized' ? callOf('void', payment) : undefined
}

const callOf = (operation: BankCall['operation'], { orderId, amount, token }: Payment): BankCall => ({
  ...{ operation, orderId, amount, token },
})

export const paymentOf = ({ orderId, amount, token }: OrderEvent): Payment => ({
  ...{ orderId, amount, token },
  status: 'begun',
})
