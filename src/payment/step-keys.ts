import type { Step } from './payment.ts'

/** All keys of a step begin so. Under each of them the bank does the same thing. */
export const stepKeyPrefix = (orderId: string, step: Pick<Step, 'operation' | 'refundId'>): string =>
  `${orderId}/${step.refundId === undefined ? step.operation : `refund-${step.refundId}`}/`

export const keyOf = (orderId: string, step: Step): string =>
  `${stepKeyPrefix(orderId, step)}${step.keyNumber}`
