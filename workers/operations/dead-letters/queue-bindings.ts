import type { Subscriber } from '../../../src/contracts/topology.ts'

/** Where a consumer's events are sent. */
export const inboxOf = (env: OperationsEnv, consumer: Subscriber): Queue =>
  ({
    order: env.ORDER_INBOX,
    inventory: env.INVENTORY_INBOX,
    payment: env.PAYMENT_INBOX,
    operations: env.OPERATIONS_INBOX,
  })[consumer]

/** `edge-orders-payment-inbox-dlq` → `payment`; `undefined` for a queue that is no dead-letter queue of ours. */
export const consumerOfDeadLetters = (queue: string): Subscriber | undefined => {
  const name = /(order|inventory|payment|operations)-inbox-dlq$/.exec(queue)?.[1]
  return name as Subscriber | undefined
}
