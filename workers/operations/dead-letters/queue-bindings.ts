import type { Subscriber } from '../../../src/contracts/topology.ts'

/** The queue with the events of a consumer. */
export const inboxOf = (env: OperationsEnv, consumer: Subscriber): Queue =>
  ({
    order: env.ORDER_INBOX,
    inventory: env.INVENTORY_INBOX,
    payment: env.PAYMENT_INBOX,
    operations: env.OPERATIONS_INBOX,
  })[consumer]

/** `payment-inbox` → `payment`. */
export const consumerOfInbox = (queue: `${Subscriber}-inbox`): Subscriber =>
  queue.slice(0, -'-inbox'.length) as Subscriber

/** `edge-orders-payment-inbox-dlq` → `payment`; undefined for any other queue. */
export const consumerOfDeadLetters = (queue: string): Subscriber | undefined => {
  const name = /(order|inventory|payment|operations)-inbox-dlq$/.exec(queue)?.[1]
  return name as Subscriber | undefined
}
