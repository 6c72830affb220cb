import type { Client as FetchClient } from 'openapi-fetch'
import type { Environment } from './environment.ts'
import { orThrow } from './problem.ts'
import type { components, paths } from './schema.ts'
import { type OrderEvent, watchEvents } from './watch.ts'

export type Order = components['schemas']['Order']
export type PlaceOrder = components['schemas']['PlaceOrder']

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

/** Queues and banks answer within seconds; the longest promise is a minute after a fault. */
const WITHIN_MS = 60_000
const PAUSE_MS = 50
const PAUSE_MS_MAX = 1_000

type Calls = Pick<FetchClient<paths, 'application/json' | 'application/problem+json'>, 'GET' | 'POST'>

/** What a shop does most, in fewer words. */
export const orderCalls = ({ GET, POST }: Calls, environment: Environment) => {
  const { now, sleep } = environment

  /** Always current. Throws an `ApiProblem` where there is no such order. */
  const readOrder = (orderId: string, signal?: AbortSignal): Promise<Order> =>
    orThrow(GET('/orders/{orderId}', { params: { path: { orderId } }, ...(signal && { signal }) }))

  /** None where the order is settled and all was seen. */
  const openStream = async ({ orderId, seen, signal }: StreamRequest) =>
    (await orThrow(
      GET('/orders/{orderId}/events', {
        params: { path: { orderId }, ...(seen !== undefined && { header: { 'Last-Event-ID': seen } }) },
        headers: { accept: 'text/event-stream' },
        parseAs: 'stream',
        ...(signal && { signal }),
      }),
    )) ?? undefined

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

    placeOrder: (order: PlaceOrder, { idempotencyKey, waitSeconds, signal }: PlaceOptions = {}) =>
      POST('/orders', {
        body: order,
        params: {
          header: {
            ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
            ...(waitSeconds !== undefined && { Prefer: `wait=${waitSeconds}` }),
          },
        },
        ...(signal && { signal }),
      }),

    /** The order once it is confirmed, rejected or cancelled. */
    waitUntilDecided: (orderId: string, options?: WaitOptions): Promise<Order> =>
      waitUntil(orderId, ({ status }) => status !== 'pending', options),

    /** The order once every effect of its decision is done. */
    waitUntilSettled: (orderId: string, options?: WaitOptions): Promise<Order> =>
      waitUntil(orderId, ({ settledAt }) => settledAt !== undefined, options),

    /** Its events as they happen, those so far first; ends when it is settled. Also for who holds its read token. */
    watchOrder: (orderId: string, { after, signal }: WatchOptions = {}): AsyncGenerator<OrderEvent, void> =>
      watchEvents({ connect: (seen) => openStream({ orderId, seen, signal }), signal }, environment, after),
  }
}

type StreamRequest = { orderId: string; seen: string | undefined; signal: AbortSignal | undefined }

const overdue = ({ orderId, status }: Order, withinMs: number): string =>
  `Order ${orderId} is still ${status} after ${withinMs} ms. It goes on without you: read it again later.`
