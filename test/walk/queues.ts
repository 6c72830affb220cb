import type { Service } from '../../src/contracts/topology.ts'

type Consume = (batch: MessageBatch) => Promise<void>

const SUBSCRIBERS: readonly Service[] = ['order', 'inventory', 'payment', 'operations']
/** Far more than an order has hops. */
const ROUNDS_MAX = 50

/** The inboxes of all services. A message that its consumer does not take is an error: nothing fails here. */
export const createQueues = () => {
  const waiting = new Map<Service, unknown[]>(SUBSCRIBERS.map((subscriber) => [subscriber, []]))
  const take = (subscriber: Service): unknown[] => waiting.get(subscriber)?.splice(0) ?? []
  return {
    binding: (subscriber: Service) => ({
      sendBatch: async (messages: readonly { body: unknown }[]) => {
        waiting.get(subscriber)?.push(...messages.map(({ body }) => structuredClone(body)))
      },
      metrics: async () => ({ backlogCount: 0, backlogBytes: 0 }),
    }),

    /** One batch for each service that has messages. False where none has. */
    deliver: async (consumers: Record<Service, Consume>): Promise<boolean> => {
      const batches = SUBSCRIBERS.flatMap((subscriber) => {
        const bodies = take(subscriber)
        return bodies.length === 0 ? [] : [{ subscriber, bodies }]
      })
      for (const { subscriber, bodies } of batches) await consumers[subscriber](batchOf(subscriber, bodies))
      return batches.length > 0
    },
  }
}

/** Runs until there is nothing left to deliver. */
export const untilEmpty = async (deliver: () => Promise<boolean>): Promise<void> => {
  for (let round = 0; round < ROUNDS_MAX; round += 1) if (!(await deliver())) return
  throw new Error(`The queues are not empty after ${ROUNDS_MAX} rounds`)
}

const batchOf = (subscriber: Service, bodies: readonly unknown[]): MessageBatch =>
  ({
    queue: `edge-orders-${subscriber}-inbox`,
    messages: bodies.map((body, index) => ({
      id: String(index),
      timestamp: new Date(),
      body,
      attempts: 1,
      ack: () => {},
      retry: () => {
        throw new Error(`The ${subscriber} service asked for a retry of ${JSON.stringify(body)}`)
      },
    })),
  }) as unknown as MessageBatch
