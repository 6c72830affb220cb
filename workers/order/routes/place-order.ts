import type { Context } from 'hono'
import type { z } from 'zod'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import {
  badKey,
  type KeyedRequest,
  keyedRequest,
  replayed,
} from '../../../src/cloudflare/http/idempotency-key.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { placeOrder, type placeOrderSchema } from '../../../src/contracts/http/orders.ts'
import { fromTimestamp, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { WaitingRoom } from '../../../src/messaging/waiting-room.ts'
import { chargeable } from '../../../src/order/chargeable.ts'
import type { OrderView } from '../../../src/order/order-view.ts'
import type { PlaceRequest } from '../../../src/order/partition/placement.ts'
import { createFullPartitions, placeWithRoom } from '../../../src/order/placing-with-room.ts'
import { priceOrder } from '../../../src/order/pricing.ts'
import { createCallerLimits } from '../caller-limits.ts'
import type { Catalogue } from '../catalogue.ts'
import type { OrderPartitions } from '../order-partitions.ts'
import type { OrderRoutesEnv } from '../variables.ts'
import { preferredWaitSeconds, untilDecided } from './decision-wait.ts'

/** `POST /orders`: prices the order, stores it in its partition, and responds before it is decided. */
export const placeOrderRoutes = (catalogue: Catalogue, waits: WaitingRoom) => {
  const app = createRoutes<OrderRoutesEnv>()
  const limitsFor = createCallerLimits()
  const full = createFullPartitions(Date.now)
  const boundsOf = (c: Context<OrderRoutesEnv>) =>
    limitsFor(c.get('caller'), c.get('settings'), c.get('orderPartitions').counts)

  serve(app, placeOrder, async (c) => {
    const request = await keyedRequest(c, c.get('caller').client)
    if (!request.ok) return badKey(c, request.reason)
    const { label, placement } = await prepare(c, catalogue, c.req.valid('json'), request.value)
    const placed = await placeWithRoom(
      label,
      { request: request.value, placement, bounds: boundsOf(c) },
      {
        ...(await earlierOf(c.get('orderPartitions'), request.value, label)),
        ...{ full, place: c.get('placeInTurn') },
      },
    )
    c.var.endPlacement()
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

  return app
}

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
  const price = priceOrder(items, products, { totalAmount, currency })
  const priced = chargeable(c.get('settings').gateway, price, payment?.token)
  const { label, orderId } = c.get('orderPartitions').assign(request?.key, Date.now())
  if (!priced.ok) return { label, placement: priced }
  const placement = {
    ...{ orderId, client: c.get('caller').client, traceparent: c.get('traceparent'), ...priced.value },
    ...(payment !== undefined && { paymentToken: payment.token }),
    ...(customerId !== undefined && { customerId }),
    ...(reference !== undefined && { reference }),
    ...(metadata !== undefined && { metadata }),
  }
  return { label, placement: { ok: true, value: placement } }
}

/** The partitions, and what those reply that a key led to before the count of partitions grew. */
const earlierOf = async (partitions: OrderPartitions, request: KeyedRequest | undefined, label: string) => {
  const { labels } = partitions
  if (request === undefined) return { labels, fenced: [], earlier: undefined }
  const { key, requestKey, fingerprint } = request
  const fenced = partitions.earlierLabels(key, label)
  for (const each of fenced) {
    const earlier = await partitions.at(each).fence({ requestKey, fingerprint })
    if (earlier !== undefined) return { labels, fenced, earlier }
  }
  return { labels, fenced, earlier: undefined }
}

/** Its expiry follows from the time of the order, so the response to a repeated request has the same token. */
const readTokenOf = async (
  c: Context<OrderRoutesEnv>,
  { orderId, placedAt }: OrderView,
): Promise<{ readToken?: string }> => {
  const readToken = await c.get('readTokens').issue(orderId, fromTimestamp(placedAt))
  return readToken === undefined ? {} : { readToken }
}

const detailsOf = (reason: { code: string; detail?: string; retryAfterSeconds?: number }) => ({
  ...(reason.detail !== undefined && { detail: reason.detail }),
  ...(reason.retryAfterSeconds !== undefined && {
    headers: { 'retry-after': String(reason.retryAfterSeconds) },
  }),
})
