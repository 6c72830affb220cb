import { callsTo, type Edge, requestTo } from './calls.ts'
import type { RefusalOf } from './document.ts'
import type { Environment } from './environment.ts'
import { type CallResult, orThrow, readResult } from './results.ts'
import type { components, operations } from './schema.ts'
import { type OrderEvent, watchEvents } from './watch.ts'

export type Order = components['schemas']['Order']
export type PlaceOrder = components['schemas']['PlaceOrder']
export type PlacedOrder = components['schemas']['PlacedOrder']

export type PlaceOptions = {
  /** The caller's own key. Without one the client makes a new key, which makes the retries of this one call safe. */
  idempotencyKey?: string
  /** The response comes when the order is decided, or after so many seconds (1 to 30). */
  waitSeconds?: number
  signal?: AbortSignal
}

export type WaitOptions = { withinMs?: number; signal?: AbortSignal }

export type WatchOptions = {
  /** The id of the last event that was seen. */
  after?: string
  signal?: AbortSignal
}

/** The most frequent calls of a shop, in a shorter form. */
export type OrderCalls = {
  placeOrder(
    order: PlaceOrder,
    options?: PlaceOptions,
  ): Promise<CallResult<PlacedOrder, RefusalOf<operations['placeOrder']>>>

  /** The current order. Throws an `ApiProblem` if there is no such order. */
  readOrder(orderId: string, signal?: AbortSignal): Promise<Order>

  /** The order once it is confirmed, rejected or cancelled. */
  waitUntilDecided(orderId: string, options?: WaitOptions): Promise<Order>

  /** The order once every effect of its decision is done. */
  waitUntilSettled(orderId: string, options?: WaitOptions): Promise<Order>

  /** The past events of the order, then each new one as it happens, until the order is settled. Its read token is enough. */
  watchOrder(orderId: string, options?: WatchOptions): AsyncGenerator<OrderEvent, void>
}

/** Queues and banks need seconds. The longest time that the system promises is a minute after a fault. */
const WITHIN_MS = 60_000
const PAUSE_MS = 50
const PAUSE_MS_MAX = 1_000

export const orderCalls = (edge: Edge, environment: Environment): OrderCalls => {
  const { GET, POST } = callsTo(edge)
  const { now, sleep } = environment

  const readOrder: OrderCalls['readOrder'] = (orderId, signal) =>
    orThrow(GET('/orders/{orderId}', { params: { path: { orderId } }, signal }))

  const waitUntil = async (
    orderId: string,
    isReached: (order: Order) => boolean,
    { withinMs = WITHIN_MS, signal }: WaitOptions = {},
  ): Promise<Order> => {
    const deadline = now() + withinMs
    for (let pauseMs = PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
      const order = await readOrder(orderId, signal)
      if (isReached(order)) return order
      if (now() >= deadline) throw new Error(overdue(order, withinMs))
      await sleep(pauseMs, signal)
    }
  }

  return {
    readOrder,

    placeOrder: (order, { idempotencyKey, waitSeconds, signal } = {}) =>
      POST('/orders', {
        body: order,
        params: {
          header: {
            ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
            ...(waitSeconds !== undefined && { Prefer: `wait=${waitSeconds}` }),
          },
        },
        signal,
      }),

    waitUntilDecided: (orderId, options) => waitUntil(orderId, ({ status }) => status !== 'pending', options),

    waitUntilSettled: (orderId, options) =>
      waitUntil(orderId, ({ settledAt }) => settledAt !== undefined, options),

    watchOrder: (orderId, { after, signal } = {}) =>
      watchEvents(
        { connect: (seen) => openStream(edge, { orderId, seen, signal }), signal },
        environment,
        after,
      ),
  }
}

const EVENTS = '/orders/{orderId}/events'

type StreamRequest = { orderId: string; seen: string | undefined; signal: AbortSignal | undefined }

/** No stream if the order is settled and the caller has seen all events. */
const openStream = async (edge: Edge, { orderId, seen, signal }: StreamRequest) => {
  const header = { accept: 'text/event-stream', 'last-event-id': seen }
  const response = await edge.fetch(
    requestTo(edge, 'GET', EVENTS, { params: { path: { orderId }, header }, signal }),
  )
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response.body ?? undefined
  await orThrow(readResult(EVENTS, response))
  return undefined
}

const overdue = ({ orderId, status }: Order, withinMs: number): string =>
  `Order ${orderId} is still ${status} after ${withinMs} ms. The system goes on with it: read it again later.`
