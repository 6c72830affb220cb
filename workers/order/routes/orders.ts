import type { Context } from 'hono'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { badKey, keyedRequest, replayed, tooManyKeys } from '../../../src/cloudflare/http/idempotency-key.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { cancelOrder, getOrder, listOrders, type OrderQuery } from '../../../src/contracts/http/orders.ts'
import { parseTimestamp } from '../../../src/kernel/instant.ts'
import { resolvedPath } from '../edge/order-id-resolution.ts'
import { readerOf } from '../edge/read-token-access.ts'
import { findOrders, type OrderFilter } from '../order-list.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** Orders that exist: read, listed, cancelled. */
export const orderRoutes = () => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, listOrders, async (c) => {
    const query = c.req.valid('query')
    const page = askedPage('orders', query)
    if (!page.ok) return badCursor(c, page.reason)
    return c.json(await findOrders(c.env.LISTS_DB, c.get('caller'), filterOf(query), page.value), 200)
  })

  serve(app, getOrder, async (c) => {
    const { orderId } = c.var
    const order = await c.get('orderPartitions').of(orderId)?.get(orderId, readerOf(c))
    if (order === undefined) return notFound(c)
    const etag = `"${order.version}"`
    if (matches(c.req.header('if-none-match'), etag)) return c.body(null, 304, { etag })
    return c.json(order, 200, { etag })
  })

  serve(app, cancelOrder, async (c) => {
    const { orderId } = c.var
    const request = await keyedRequest(c, c.get('caller').client, resolvedPath(c, cancelOrder.route.path))
    if (!request.ok) return badKey(c, request.reason)
    const partition = c.get('orderPartitions').of(orderId)
    if (partition === undefined) return notFound(c)
    const { reason: why } = c.req.valid('json') ?? {}
    const cancellation = {
      orderId,
      caller: c.get('caller'),
      request: request.value,
      detail: why ?? 'The client cancelled the order.',
      traceparent: c.get('traceparent'),
    }
    const label = c.get('orderPartitions').labelOf(orderId) ?? ''
    const cancelled = await c.get('inTurn')(label, 1, async () => await partition.cancel(cancellation))
    if (!cancelled.ok) {
      const { reason } = cancelled
      return reason.code === 'rate_limited' ? tooManyKeys(c, reason) : problem(c, reason.code)
    }
    const { status, order, isReplay } = cancelled.value
    return c.json(order, status, replayed(isReplay))
  })

  return app
}

const filterOf = (query: OrderQuery): OrderFilter => ({
  status: query.status,
  customerId: query.customerId,
  reference: query.reference,
  productId: query.productId,
  paymentStatus: query['payment.status'],
  inventoryStatus: query['inventory.status'],
  isSettled: query.settled && query.settled === 'true',
  stuckAt: query.stuck && Date.now(),
  placedFrom: query.placedAfter === undefined ? undefined : parseTimestamp(query.placedAfter),
  placedBefore: query.placedBefore === undefined ? undefined : parseTimestamp(query.placedBefore),
})

const notFound = (c: Context) =>
  problem(c, 'order_not_found', { detail: `There is no order ${c.req.param('orderId')}.` })

const matches = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag || each.trim() === '*') ??
  false
