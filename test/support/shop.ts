import type { z } from 'zod'
import { levelSchema } from '../../src/contracts/http/inventory.ts'
import { orderSchema } from '../../src/contracts/http/orders.ts'
import { simulatedBooksSchema } from '../../src/contracts/http/payments.ts'
import { problemSchema } from '../../src/contracts/http/problem.ts'
import { eventually } from './eventually.ts'
import type { System } from './harness.ts'

export type OrderAnswer = z.infer<typeof orderSchema>

type Item = { productId: string; quantity: number }

type Request = { method?: string; body?: unknown; headers?: Record<string, string> }

/** A shop's backend: it calls the API as any client would, and reads every answer by the published schema. */
export const openShop = (system: System, key = 'test-admin-key') => {
  const call = async (path: string, { method = 'GET', body, headers = {} }: Request = {}) => {
    const response = await system.fetch(path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) }
  }
  const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    call(path, { method: 'POST', body, ...(headers && { headers }) })

  const read = async (orderId: string): Promise<OrderAnswer> =>
    orderSchema.parse((await call(`/orders/${orderId}`)).body)

  return {
    call,
    post,
    read,

    /** A product that can be ordered, with so many on hand. */
    stock: async (productId: string, onHand: number, unitPrice = 50) => {
      await call(`/products/${productId}`, {
        method: 'PUT',
        body: { name: productId, unitPrice, currency: 'USD' },
      })
      if (onHand > 0) await post(`/inventory/${productId}/adjustments`, { delta: onHand, reason: 'receipt' })
      const { ORDERS_DB } = await system.env('order')
      const isKnown = () =>
        ORDERS_DB.prepare('SELECT 1 FROM catalogue WHERE product_id = ?').bind(productId).first()
      await eventually(isKnown, (row) => row !== null)
    },

    /** Places an order and returns its id. */
    place: async (items: Item[], token = 'pm_card_visa'): Promise<string> => {
      const { status, body } = await post('/orders', { items, payment: { token } })
      if (status !== 202) throw new Error(`${status} ${JSON.stringify(body)}`)
      return orderSchema.parse(body).orderId
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
      const { onHand, reserved } = levelSchema.parse((await call(`/inventory/${productId}`)).body)
      return { onHand, reserved }
    },

    /** What the bank did, by its own books: successful operations, and the sums. */
    bank: async (orderId: string) => {
      const books = simulatedBooksSchema.parse((await call(`/simulator/payments/${orderId}`)).body)
      const done = books.operations.filter((operation) => operation.outcome === 'succeeded')
      const { authorizedAmount: held, capturedAmount: captured, refundedAmount: refunded } = books
      return { done: done.map((operation) => operation.type), held, captured, refunded }
    },
  }
}
