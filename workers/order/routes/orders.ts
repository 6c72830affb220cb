import type { Context } from 'hono'
import type { z } from 'zod'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import {
  badKey,
  type KeyedRequest,
  keyedRequest,
  replayed,
  tooManyKeys,
} from '../../../src/cloudflare/http/idempotency-key.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import {
  cancelOrder,
  getOrder,
  listOrders,
  placeOrder,
  type placeOrderSchema,
} from '../../../src/contracts/http/orders.ts'
import { fromTimestamp, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { WaitingRoom } from '../../../src/messaging/waiting-room.ts'
import { takeSeat } from '../../../src/order/live-room.ts'
import { SHED } from '../../../src/order/live-stream.ts'
import type { OrderView } from '../../../src/order/order-view.ts'
import type { PlaceReply, PlaceRequest } from '../../../src/order/partition/placement.ts'
import { priceOrder } from '../../../src/order/pricing.ts'
import { createCallerLimits } from '../caller-limits.ts'
import type { Catalogue } from '../catalogue.ts'
import { resolvedPath } from '../edge/order-id-resolution.ts'
import { limitKeyOf } from '../edge/rate-limits.ts'
import { readerOf } from '../edge/read-token-access.ts'
import { findOrders } from '../order-list.ts'
import type { OrderPartitions } from '../order-partitions.ts'
import type { OrderRoutesEnv } from '../variables.ts'

export const orderRoutes = (catalogue: Catalogue, waits: WaitingRoom, log: Log) => {
  const app = createApp<OrderRoutesEnv>(log)
  const limitsFor = createCallerLimits()

  serve(app, placeOrder, async (c) => {
    const request = await keyedRequest(c, c.var.caller.client)
    if (!request.ok) return badKey(c, request.reason)
    const { label, placement } = await prepare(c, catalogue, c.req.valid('json'), request.value)
    const placed =
      (request.value && (await placedEarlier(c.var.orderPartitions, request.value, label))) ??
      (await placeInTurn(c, label, {
        request: request.value,
        placement,
        bounds: limitsFor(c.var.caller, c.var.settings),
      }))
    if (!placed.ok) return problem(c, placed.reason.code, detailsOf(placed.reason))
    const { order, isReplay } = placed.value
    const headers = { location: `/orders/${order.orderId}`, ...replayed(isReplay) }
    const waitSeconds = preferredWaitSeconds(c.req.header('prefer'))
    const readToken = await readTokenOf(c, order)
    if (waitSeconds === undefined) return c.json({ ...order, ...readToken }, 202, headers)
    const current = await untilDecided(c, waits, order.orderId, waitSeconds * SECOND_MS)
    if (current === undefined || current.status === 'pending') {
      return c.json({ ...order, ...readToken }, 202, headers)
    }
    return c.json({ ...current, ...readToken }, 200, {
      ...headers,
      'preference-applied': `wait=${waitSeconds}`,
    })
  })

  serve(app, listOrders, async (c) => {
    const filter = c.req.valid('query')
    const page = askedPage('orders', filter)
    if (!page.ok) return badCursor(c, page.reason)
    return c.json(await findOrders(c.env.LISTS_DB, c.var.caller, filter, page.value), 200)
  })

  serve(app, getOrder, async (c) => {
    const { orderId } = c.var
    const order = await c.var.orderPartitions.of(orderId)?.get(orderId, readerOf(c))
    if (order === undefined) return notFound(c)
    const etag = `"${order.version}"`
    if (matches(c.req.header('if-none-match'), etag)) return c.body(null, 304, { etag })
    return c.json(order, 200, { etag })
  })

  serve(app, cancelOrder, async (c) => {
    const { orderId } = c.var
    const request = await keyedRequest(c, c.var.caller.client, resolvedPath(c, cancelOrder.route.path))
    if (!request.ok) return badKey(c, request.reason)
    const partition = c.var.orderPartitions.of(orderId)
    if (partition === undefined) return notFound(c)
    const { reason: why } = c.req.valid('json') ?? {}
    const cancellation = {
      orderId,
      caller: c.var.caller,
      request: request.value,
      detail: why ?? 'The client cancelled the order.',
      traceparent: c.var.traceparent,
    }
    const label = c.var.orderPartitions.labelOf(orderId) ?? ''
    const cancelled = await c.var.inTurn(label, 1, async () => await partition.cancel(cancellation))
    if (!cancelled.ok) {
      const { reason } = cancelled
      return reason.code === 'rate_limited' ? tooManyKeys(c, reason) : problem(c, reason.code)
    }
    const { status, order, isReplay } = cancelled.value
    return c.json(order, status, replayed(isReplay))
  })

  return app
}

const placeInTurn = async (
  c: Context<OrderRoutesEnv>,
  label: string,
  request: PlaceRequest,
): Promise<PlaceReply> =>
  await c.var.inTurn(label, 1, async () => await c.var.orderPartitions.at(label).place(request))

/** The placement to store, or its refusal. The partition gets a refusal too: a repeated request gets its first response. */
const prepare = async (
  c: Context<OrderRoutesEnv>,
  catalogue: Catalogue,
  body: z.infer<typeof placeOrderSchema>,
  request: KeyedRequest | undefined,
): Promise<{ label: string; placement: PlaceRequest['placement'] }> => {
  const { items, totalAmount, currency, payment, customerId, reference, metadata } = body
  const products = await catalogue.find(
    c.env.ORDERS_DB,
    items.map((item) => item.productId),
  )
  const priced = priceOrder(items, products, { totalAmount, currency })
  const { label, orderId } = c.var.orderPartitions.assign(request?.key, Date.now())
  if (!priced.ok) return { label, placement: priced }
  const placement = {
    ...{ orderId, client: c.var.caller.client, traceparent: c.var.traceparent, ...priced.value },
    ...(payment !== undefined && { paymentToken: payment.token }),
    ...(customerId !== undefined && { customerId }),
    ...(reference !== undefined && { reference }),
    ...(metadata !== undefined && { metadata }),
  }
  return { label, placement: { ok: true, value: placement } }
}

/** Its expiry follows from the time of the order, so the response to a repeated request has the same token. */
const readTokenOf = async (
  c: Context<OrderRoutesEnv>,
  { orderId, placedAt }: OrderView,
): Promise<{ readToken?: string }> => {
  const readToken = await c.var.readTokens.issue(orderId, fromTimestamp(placedAt))
  return readToken === undefined ? {} : { readToken }
}

const WAIT_SECONDS_MAX = 30

/** The order once it is decided, or when the time is up. Undefined where the wait has to make room for another. */
const untilDecided = async (
  c: Context<OrderRoutesEnv>,
  room: WaitingRoom,
  orderId: string,
  withinMs: number,
): Promise<OrderView | undefined> => {
  const seat = takeSeat({ room, holder: limitKeyOf(c), orderId, limits: c.var.settings.waits })
  try {
    const decided = c.var.orderPartitions.of(orderId)?.decided(orderId, c.var.caller, withinMs)
    const first = await Promise.race([seat.shed, decided])
    return first === SHED ? undefined : first
  } finally {
    seat.leave()
  }
}

/** `Prefer: wait=10` (RFC 7240). A preference that cannot be understood is ignored. */
const preferredWaitSeconds = (prefer: string | undefined): number | undefined => {
  const seconds = Number(/(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})"?/i.exec(prefer ?? '')?.[1])
  return seconds >= 1 ? Math.min(seconds, WAIT_SECONDS_MAX) : undefined
}

/** The reply to a key in a partition that it led to before the count of partitions grew. */
const placedEarlier = async (
  partitions: OrderPartitions,
  { key, requestKey, fingerprint }: KeyedRequest,
  label: string,
): Promise<PlaceReply | undefined> => {
  for (const earlier of partitions.earlierLabels(key, label)) {
    const reply = await partitions.at(earlier).fence({ requestKey, fingerprint })
    if (reply !== undefined) return reply
  }
  return undefined
}

const detailsOf = (reason: { code: string; detail?: string; retryAfterSeconds?: number }) => ({
  ...(reason.detail !== undefined && { detail: reason.detail }),
  ...(reason.retryAfterSeconds !== undefined && {
    headers: { 'retry-after': String(reason.retryAfterSeconds) },
  }),
})

const notFound = (c: Context) =>
  problem(c, 'order_not_found', { detail: `There is no order ${c.req.param('orderId')}.` })

const matches = (ifNoneMatch: string | undefined, etag: string): boolean =>
  ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag || each.trim() === '*') ??
  false
