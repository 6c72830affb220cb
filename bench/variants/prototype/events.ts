import type { Features } from './features.ts'

export type OrderEvent = {
  type: 'OrderPlaced' | 'OrderConfirmed' | 'OrderRejected'
  orderId: string
  productId: string
  quantity: number
  amount: number
  token: string
}

export type StockReport = {
  type: 'StockReserved' | 'StockRefused' | 'StockCommitted' | 'StockReleased'
  orderId: string
}

export type PaymentReport = {
  type: 'PaymentAuthorized' | 'PaymentDeclined' | 'PaymentCaptured' | 'PaymentVoided'
  orderId: string
}

export type Report = StockReport | PaymentReport

/** About 80 KB: a message may have 128 KB. */
const EVENTS_PER_MESSAGE_MAX = 400
/** The platform's limit of `sendBatch`. */
const MESSAGES_PER_CALL_MAX = 100

type MessageFeatures = Pick<Features, 'packed' | 'text'>

/** Sends all events, each in a message of its own or many in one. */
export const send = async (
  queue: Queue,
  events: readonly object[],
  { packed, text }: MessageFeatures,
): Promise<void> => {
  const bodies: readonly object[] = packed ? portionsOf(events, EVENTS_PER_MESSAGE_MAX) : events
  const messages = bodies.map((body) =>
    text
      ? ({ body: JSON.stringify(body), contentType: 'text' } as const)
      : ({ body, contentType: 'json' } as const),
  )
  for (const portion of portionsOf(messages, MESSAGES_PER_CALL_MAX)) await queue.sendBatch(portion)
}

export const eventsIn = <Event>(batch: MessageBatch): Event[] =>
  batch.messages.flatMap(
    ({ body }) => (typeof body === 'string' ? JSON.parse(body) : body) as Event | Event[],
  )

const portionsOf = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  )

/**
 * Packed events leave after the commit: while one send is under way, the next events gather. Without packing, the object
 * waits for the queue before it answers.
 */
export const createSender = (
  ctx: DurableObjectState,
  queues: readonly Queue[],
  features: MessageFeatures,
): ((events: readonly object[]) => Promise<void>) => {
  const waiting: object[] = []
  let isSending = false
  const toAll = async (events: readonly object[]): Promise<void> => {
    await Promise.all(queues.map((queue) => send(queue, events, features)))
  }
  const sendAll = async (): Promise<void> => {
    while (waiting.length > 0) await toAll(waiting.splice(0))
    isSending = false
  }
  return async (events) => {
    if (events.length === 0) return
    if (!features.packed) {
      await toAll(events)
      return
    }
    waiting.push(...events)
    if (isSending) return
    isSending = true
    ctx.waitUntil(Promise.resolve().then(sendAll))
  }
}

/** The items of each key, in their order. */
export const groupedBy = <Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): [string, Item[]][] => [...Map.groupBy(items, keyOf)]
