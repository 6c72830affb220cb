import { createRoutes } from '../../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../../src/cloudflare/http/page.ts'
import { problem } from '../../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../../src/cloudflare/http/serve.ts'
import { newUlid } from '../../../../src/cloudflare/new-ulid.ts'
import {
  bankBooksSchema,
  type InventoryBooks,
  type PaymentBooks,
  paymentsSchema,
  reservationsSchema,
  stockStepSchema,
} from '../../../../src/contracts/books.ts'
import { getAudit } from '../../../../src/contracts/http/audit.ts'
import { encodeCursor } from '../../../../src/contracts/paging.ts'
import type { Log } from '../../../../src/messaging/partition.ts'
import { auditPage, type Books } from '../../../../src/order/audit/audit-page.ts'
import type { OrderPartitions } from '../../order-partitions.ts'
import type { OrderRoutesEnv } from '../../variables.ts'

/** `GET /audit`: the conservation laws over the books of all services and of the bank. */
export const auditRoutes = (log: Log) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, getAudit, async (c) => {
    const asked = askedPage('audit', c.req.valid('query'))
    if (!asked.ok) return badCursor(c, asked.reason)
    const { list, limit, after } = asked.value
    const books = booksOf(c.env, c.get('orderPartitions'))
    try {
      const { next, ...page } = await auditPage(books, { after, limit })
      const nextCursor = next && encodeCursor({ list, position: next })
      return c.json({ ...page, ...(nextCursor !== undefined && { nextCursor }) }, 200)
    } catch (error) {
      log('error', 'the books could not be read', { traceId: c.var.traceId, error: String(error) })
      return problem(c, 'unavailable', {
        detail: 'A service did not answer, so the books could not be checked. Ask for the same page again.',
        headers: { 'retry-after': '5' },
      })
    }
  })

  return app
}

/** The books of all services, over the bindings of the edge. */
export const booksOf = (env: Pick<OrderEnv, 'INVENTORY' | 'PAYMENT'>, orders: OrderPartitions): Books => {
  // In the generated types, a binding to a named entrypoint has no methods.
  const inventory = env.INVENTORY as unknown as InventoryBooks
  const payment = env.PAYMENT as unknown as PaymentBooks
  return {
    countStockPartitions: async () => await inventory.countStockPartitions(),
    walkStock: async (index, walk) => stockStepSchema.parse(await inventory.walkStock(index, walk)),
    ordersAfter: orders.books.after,
    ordersOf: orders.books.of,
    reservationsAfter: async (orderId, limit) =>
      reservationsSchema.parse(await inventory.reservationsAfter(orderId, limit)),
    paymentsAfter: async (orderId, limit) =>
      paymentsSchema.parse(await payment.paymentsAfter(orderId, limit)),
    bankBooks: async (orderIds) => bankBooksSchema.parse(await payment.bankBooks(orderIds)),
    newWalkId: newUlid,
  }
}
