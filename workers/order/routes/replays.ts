import type { Context } from 'hono'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { respondOnceClaimed } from '../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { createPublisher } from '../../../src/cloudflare/publisher.ts'
import { replayEvents, type WantedReplayBody } from '../../../src/contracts/http/replays.ts'
import { PAGE_SIZE_MAX } from '../../../src/contracts/paging.ts'
import type { Service } from '../../../src/contracts/topology.ts'
import { fromTimestamp } from '../../../src/kernel/instant.ts'
import { refusal, success } from '../../../src/kernel/result.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { Replay } from '../../../src/order/replay.ts'
import { ambiguous } from '../edge/order-id-resolution.ts'
import { findIdsPlaced } from '../order-list.ts'
import type { OrderRoutesEnv } from '../variables.ts'

type ReplayContext = Context<OrderRoutesEnv>

/** The orders of one portion, by their unique ids. `named` has the id that the caller gave, where it gave one. */
type Portion = { orderIds: string[]; named: ReadonlyMap<string, string>; nextCursor?: string }

/** Sends events of orders to a service once more, a portion in each call. No partition stores anything for it. */
export const replayRoutes = (log: Log) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, replayEvents, async (c) => {
    const { to, types, limit = PAGE_SIZE_MAX, dryRun = false, ...wanted } = c.req.valid('json')
    const requester = { client: c.var.caller.client, database: c.env.ORDERS_DB }
    return await respondOnceClaimed<typeof replayEvents>(c, requester, async () => {
      const portion = await portionOf(c, { to, types, limit, dryRun, ...wanted })
      if (!portion.ok) return portion.reason
      const { orderIds, named, nextCursor } = portion.value
      const replays = await c.var.orderPartitions.replay(orderIds, { to, types })
      const sent = sumOf(replays)
      const about = { to, orders: sent.orders.length, events: sent.events.length, traceId: c.var.traceId }
      if (!dryRun && !(await send(c, to, sent, log))) return notSent(c)
      if (!dryRun) log('info', 'events were sent once more', { client: requester.client, ...about })
      const found = new Set(sent.orders)
      const body = {
        ...{ to, dryRun, orders: sent.orders.length, events: sent.events.length, heldBack: sent.heldBack },
        notFound: [...named].flatMap(([orderId, name]) => (found.has(orderId) ? [] : [name])),
        ...(nextCursor !== undefined && { nextCursor }),
      }
      return { status: 200, body, statements: [] }
    })
  })

  return app
}

const sumOf = (replays: readonly Replay[]): Replay => ({
  orders: replays.flatMap(({ orders }) => orders),
  events: replays.flatMap(({ events }) => events),
  heldBack: replays.reduce((sum, { heldBack }) => sum + heldBack, 0),
})

const portionOf = async (c: ReplayContext, wanted: WantedReplayBody) =>
  wanted.orderIds === undefined ? await portionOfTime(c, wanted) : await portionOfNames(c, wanted.orderIds)

const portionOfNames = async (c: ReplayContext, names: readonly string[]) => {
  const found = await Promise.all(
    names.map(async (name) => ({ name, ...(await c.var.orderPartitions.find(name, undefined)) })),
  )
  const shared = found.find(({ clients }) => clients.length > 1)
  if (shared !== undefined) return refusal(ambiguous(c, shared.name, shared.clients))
  const named = new Map(found.map(({ name, orderId }) => [orderId, name]))
  return success<Portion>({ orderIds: [...named.keys()], named })
}

const portionOfTime = async (
  c: ReplayContext,
  { to, types, placedAfter = '', placedBefore, limit = PAGE_SIZE_MAX, cursor }: WantedReplayBody,
) => {
  const page = askedPage('replays', { to, types: types?.join(), placedAfter, placedBefore, limit, cursor })
  if (!page.ok) return refusal(badCursor(c, page.reason))
  const before = placedBefore === undefined ? undefined : fromTimestamp(placedBefore)
  const placed = { from: fromTimestamp(placedAfter), before }
  const { items, nextCursor } = await findIdsPlaced(c.env.LISTS_DB, placed, page.value)
  const named = new Map<string, string>()
  return success<Portion>({ orderIds: items, named, ...(nextCursor !== undefined && { nextCursor }) })
}

/** False where the queue did not take them all. What it took is sent again by the repeated request, which is harmless. */
const send = async (c: ReplayContext, to: Service, { events }: Replay, log: Log): Promise<boolean> => {
  const { env, var: variables } = c
  const inboxes = {
    order: env.ORDER_INBOX,
    inventory: env.INVENTORY_INBOX,
    payment: env.PAYMENT_INBOX,
    operations: env.OPERATIONS_INBOX,
  }
  const { publish } = createPublisher(inboxes, variables.settings.messages)
  return await publish(events.map((event) => ({ to, event }))).then(
    () => true,
    (error: unknown) => {
      log('warn', 'events could not be sent once more', {
        to,
        traceId: variables.traceId,
        error: String(error),
      })
      return false
    },
  )
}

const notSent = (c: ReplayContext) =>
  problem(c, 'unavailable', { detail: 'The queue does not take the events just now. Repeat the request.' })
