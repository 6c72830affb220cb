import { type Answered, answered, orThrow } from './answers.ts'
import { callsTo, type Edge, requestTo } from './calls.ts'
import type { RefusalOf } from './document.ts'
import type { Environment } from './environment.ts'
import type { components, operations } from './schema.ts'
import { type OrderEvent, watchEvents } from './watch.ts'

export type Order = components['schemas']['Order']
export type PlaceOrder = components['schemas']['PlaceOrder']
export type PlacedOrder = components['schemas']['PlacedOrder']

export type PlaceOptions = {
  /** The caller's own; without one a fresh key makes the retries of this one call safe. */
  idempotencyKey?: string
  /** Answer when the order is decided, after so many seconds (1 to 30) at the latest. */
  waitSeconds?: number
  signal?: AbortSignal
}

export type WaitOptions = { withinMs?: number; signal?: AbortSignal }

export type WatchOptions = {
  /** The id of the last event that was seen. */
  after?: string
  signal?: AbortSignal
}

/** What a shop does most, in fewer words. */
export type OrderCalls = {
  placeOrder(
    order: PlaceOrder,
    options?: PlaceOptions,
  ): Promise<Answered<PlacedOrder, RefusalOf<operations['placeOrder']>>>

  /** Always current. Throws an `ApiProblem` where there is no such order. */
  readOrder(orderId: string, signal?: AbortSignal): Promise<Order>

  /** The order once it is confirmed, rejected or cancelled. */
  waitUntilDecided(orderId: string, options?: WaitOptions): Promise<Order>

  /** The order once every effect of its decision is done. */
  waitUntilSettled(orderId: string, options?: WaitOptions): Promise<Order>

  /** Its events as they happen, those so far first; ends when it is settled. Also for who holds its read token. */
  watchOrder(orderId: string, options?: WatchOptions): AsyncGenerator<OrderEvent, void>
}

/** Queues and banks answer within seconds; the longest promise is a minute after a fault. */
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

/** None where the order is settled and all was seen. */
const openStream = async (edge: Edge, { orderId, seen, signal }: StreamRequest) => {
  const header = { accept: 'text/event-stream', 'last-event-id': seen }
  const response = await edge.fetch(
    requestTo(edge, 'GET', EVENTS, { params: { path: { orderId }, header }, signal }),
  )
  if (response.headers.get('content-type')?.startsWith('text/event-stream')) return response.body ?? undefined
  await orThrow(answered(EVENTS, response))
  return undefined
}

const overdue = ({ orderId, status }: Order, withinMs: number): string =>
  `Order ${orderId} is still ${status} after ${withinMs} ms. It goes on without you: read it again later.`
