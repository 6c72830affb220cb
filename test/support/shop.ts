import type { z } from 'zod'
import { createClient, orThrow } from '../../packages/client/src/index.ts'
import { levelSchema } from '../../src/contracts/http/inventory.ts'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import { simulatedBooksSchema } from '../../src/contracts/http/payments.ts'
import { problemSchema } from '../../src/contracts/http/problem.ts'
import { eventually } from './eventually.ts'
import type { SharedSystem } from './harness.ts'

export type OrderAnswer = z.infer<typeof orderSchema>

type Item = { productId: string; quantity: number }

type Sent = { method?: string; body?: unknown; headers?: Record<string, string> }

/** A shop's backend: it calls the API as any client would, and reads every answer by the published schema. */
export const openShop = (system: SharedSystem, key = 'test-admin-key') => {
  const call = async (path: string, { method = 'GET', body, headers = {} }: Sent = {}) => {
    const response = await system.fetch(path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isText = response.headers.get('content-type')?.startsWith('text/') === true
    const read = isText ? text : JSON.parse(text || 'null')
    return { status: response.status, headers: response.headers, body: read }
  }
  const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    call(path, { method: 'POST', body, ...(headers && { headers }) })

  const client = createClient({ url: 'http://edge.test', key, fetch: requestsTo(system), retries: ONCE })

  const read = async (orderId: string): Promise<OrderAnswer> =>
    orderSchema.parse(await client.readOrder(orderId))

  return {
    call,
    post,
    read,

    /** A product that can be ordered, with so many on hand. */
    stock: async (productId: string, onHand: number, unitPrice = 50) => {
      const params = { path: { productId } }
      const product = { name: productId, unitPrice, currency: 'USD' }
      await orThrow(client.PUT('/products/{productId}', { params, body: product }))
      const receipt = { delta: onHand, reason: 'receipt' }
      if (onHand > 0)
        await orThrow(client.POST('/inventory/{productId}/adjustments', { params, body: receipt }))
      const { ORDERS_DB } = await system.env('order')
      const isKnown = () =>
        ORDERS_DB.prepare('SELECT 1 FROM catalogue WHERE product_id = ?').bind(productId).first()
      await eventually(isKnown, (row) => row !== null)
    },

    /** Places an order and returns its id. */
    place: async (items: Item[], token = 'pm_card_visa'): Promise<string> => {
      const placed = await orThrow(client.placeOrder({ items, payment: { token } }))
      return orderSchema.parse(placed).orderId
    },

    /** The order once all is done that its decision asks for. */
    settled: (orderId: string) =>
      eventually(
        () => read(orderId),
        (order) => order.settledAt !== undefined,
        { withinMs: 55_000 },
      ),

    problem: async (answer: Promise<{ status: number; body: unknown }>) => {
      const { status, body } = await answer
      const { code, errors } = problemSchema.parse(body)
      return { status, code, paths: (errors ?? []).map((error) => error.path) }
    },

    level: async (productId: string) => {
      const { onHand, reserved } = levelSchema.parse(
        await orThrow(client.GET('/inventory/{productId}', { params: { path: { productId } } })),
      )
      return { onHand, reserved }
    },

    /** What the bank did, by its own books: successful operations, and the sums. */
    bank: async (orderId: string) => {
      const books = simulatedBooksSchema.parse(
        await orThrow(client.GET('/simulator/payments/{orderId}', { params: { path: { orderId } } })),
      )
      const done = books.operations.filter((operation) => operation.outcome === 'succeeded')
      const { authorizedAmount: held, capturedAmount: captured, refundedAmount: refunded } = books
      return { done: done.map((operation) => operation.type), held, captured, refunded }
    },
  }
}

/** A test sees each failure as it is. */
const ONCE = { attemptsMax: 1 }

/** Requests of the client, by the way that outlives restarts. */
const requestsTo =
  (system: SharedSystem) =>
  async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url)
    const body = await request.text()
    const answer = await system.fetch(pathname + search, {
      method: request.method,
      headers: Object.fromEntries(request.headers),
      ...(body !== '' && { body }),
    })
    return new Response(await answer.text(), { status: answer.status, headers: [...answer.headers] })
  }
