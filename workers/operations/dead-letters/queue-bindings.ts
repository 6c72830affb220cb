import { inboxIn } from '../../../src/cloudflare/added-inboxes.ts'
import { ALL_SUBSCRIBERS, type Subscriber } from '../../../src/contracts/topology.ts'

/** The queue with the events of a consumer. */
export const inboxOf = (env: OperationsEnv, consumer: Subscriber): Queue => {
  const inbox = inboxIn(env, consumer)
  if (inbox === undefined)
    throw new Error(`The operations Worker has no binding for the inbox of ${consumer}`)
  return inbox
}

/** `payment-inbox` → `payment`. */
export const consumerOfInbox = (queue: `${Subscriber}-inbox`): Subscriber =>
  queue.slice(0, -'-inbox'.length) as Subscriber

/** The consumer of an inbox that a caller names; undefined where none is named. */
export const consumerOf = (queue: string | undefined): Subscriber | undefined =>
  ALL_SUBSCRIBERS.find((consumer) => queue === `${consumer}-inbox`)

/** `edge-orders-payment-inbox-dlq` → `payment`; undefined for any other queue. */
export const consumerOfDeadLetters = (queue: string): Subscriber | undefined =>
  ALL_SUBSCRIBERS.find((subscriber) => queue.endsWith(`-${subscriber}-inbox-dlq`))
