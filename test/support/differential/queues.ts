import type { Message, QueueName } from './script.ts'

type Batch = Iterable<{ body: unknown }>

/** Queues that only collect what is put on them, in the order in which that happens. */
export const createCollectingQueues = () => {
  const messages: Message[] = []
  const collect = (queue: QueueName, body: unknown) => {
    messages.push({ queue, body: typeof body === 'string' ? JSON.parse(body) : structuredClone(body) })
  }
  return {
    messages: messages as readonly Message[],
    queue: (name: QueueName) => ({
      send: async (body: unknown) => collect(name, body),
      sendBatch: async (batch: Batch) => {
        for (const { body } of batch) collect(name, body)
      },
      metrics: async () => ({ backlogCount: 0 }),
    }),
  }
}
