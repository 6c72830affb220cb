import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { within } from '../../../src/cloudflare/within.ts'
import { getOrderEvents } from '../../../src/contracts/http/orders.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import type { WaitingRoom } from '../../../src/messaging/waiting-room.ts'
import { takeSeat } from '../../../src/order/live-room.ts'
import { streamEvents } from '../../../src/order/live-stream.ts'
import type { FollowRequest, OrderUpdate } from '../../../src/order/partition/live-reads.ts'
import { limitKeyOf } from '../edge/rate-limits.ts'
import { readerOf } from '../edge/read-token-access.ts'
import type { OrderRoutesEnv } from '../variables.ts'

type LivePorts = {
  room: WaitingRoom
  /** Whether the key or read token that opened a stream is still good. A stream checks again and again. */
  isAllowed(c: Context<OrderRoutesEnv>): () => Promise<boolean>
}

/** The events of an order: as a list, or live for a caller that prefers `text/event-stream`. */
export const orderEventRoutes = (ports: LivePorts) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, getOrderEvents, async (c) => {
    const { orderId } = c.var
    c.header('vary', 'accept', { append: true })
    const isLive = wantsStream(c)
    const after = isLive ? c.req.header('last-event-id') : undefined
    const request = { orderId, reader: readerOf(c), holder: limitKeyOf(c), after, withinMs: 0 }
    const update = await follow(c, request)
    if (update === undefined) {
      return problem(c, 'order_not_found', {
        detail: `There is no order ${c.req.valid('param').orderId}.`,
      })
    }
    if (!isLive) return c.json({ events: update.events }, 200)
    // After this response alone an `EventSource` does not reconnect: no event is left to send.
    if (after && update.isSettled && update.events.length === 0) return c.body(null, 204)
    return live(c, ports, request, update)
  })

  return app
}

/** Only for GET: the body of a response to HEAD is never read, and an unread stream never ends. */
const wantsStream = (c: Context): boolean =>
  c.req.method === 'GET' &&
  accepts(c, {
    header: 'Accept',
    supports: ['application/json', 'text/event-stream'],
    default: 'application/json',
  }) === 'text/event-stream'

/** Gets the partition's stub anew each time: a stub whose partition restarted is of no use any more. */
const follow = async (c: Context<OrderRoutesEnv>, request: FollowRequest): Promise<OrderUpdate | undefined> =>
  await c.var.orderPartitions.of(request.orderId)?.follow(request)

/** A connection that takes no bytes for this time is given up: its reader is gone, or has stopped reading. */
const WRITE_MS_MAX = 30 * SECOND_MS

/** The platform's own stream costs less memory than one of JavaScript, and reports when its reader leaves. */
const live = (c: Context<OrderRoutesEnv>, ports: LivePorts, request: FollowRequest, update: OrderUpdate) => {
  const { readable, writable } = new IdentityTransformStream()
  const writer = writable.getWriter()
  const { orderId, holder: bearer = '' } = request
  const seat = takeSeat({ room: ports.room, bearer, orderId, limits: c.var.settings.streams })
  if (c.var.placementLimit.sheds('waits')) seat.giveUp()
  const reading = { isOpen: true }
  writer.closed.catch(() => {
    reading.isOpen = false
    seat.giveUp()
  })
  streamEvents({
    update,
    after: request.after,
    follow: (after, withinMs) => follow(c, { ...request, after, withinMs }),
    write: (text) =>
      within(WRITE_MS_MAX, 'writing to a stream', writer.write(new TextEncoder().encode(text))),
    isOpen: () => reading.isOpen,
    isAllowed: ports.isAllowed(c),
    shed: seat.shed,
    touch: seat.touch,
    now: Date.now,
    chance: Math.random,
    pause: (ms) => scheduler.wait(ms),
  })
    .then(() => writer.close())
    .catch((error) => writer.abort(error))
    .catch(() => undefined)
    .finally(seat.leave)
  return c.body(readable, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
}
