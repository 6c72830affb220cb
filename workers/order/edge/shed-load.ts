import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { type LoadKind, loadKindOf } from '../../../src/contracts/http/load.ts'
import { type Instant, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { createFairRefusal } from '../../../src/order/fair-refusal.ts'
import { createPlacementLimit, type PlacementLimit } from '../../../src/order/placement-limit.ts'
import type { OrderRoutesEnv } from '../variables.ts'
import { createInboxLooks } from './inbox-looks.ts'
import { limitKeyOf } from './rate-limits.ts'

/** When a refused caller may come back, with jitter so that they do not all come at once. */
const QUEUE_RETRY_SECONDS = { least: 2, spread: 8 }
/** An inbox falls slowly. */
const INBOX_RETRY_SECONDS = { least: 10, spread: 20 }

/** At most one line in this time, however much is refused. */
const LOG_EVERY_MS = 10 * SECOND_MS

/**
 * Refuses what is more than the system can do, before it costs anything: no body is read and nothing is counted. Callers
 * are known by then, because the client that floods is to be refused first, and because a stranger learns nothing of the
 * load.
 */
export const shedLoad = (log: Log) => {
  const now = (): Instant => Date.now()
  const limit = createPlacementLimit(now)
  const inboxes = createInboxLooks()
  const refusal = createFairRefusal({ now, chance: Math.random })
  const logRefusal = createRefusalLog(log, limit)
  const refuse = (c: Context<OrderRoutesEnv>, kind: LoadKind | 'inbox') => {
    logRefusal(kind, now())
    return overloaded(c, kind)
  }
  return createMiddleware<OrderRoutesEnv>(async (c, next) => {
    c.set('placementLimit', limit)
    const kind = loadKindOf(c.req.method, c.req.path)
    if (kind === 'read' && limit.sheds('reads') && !isStream(c)) return refuse(c, 'read')
    if (kind !== 'placement') return await next()
    const bearer = limitKeyOf(c)
    inboxes.onPlacement(c)
    if (refusal.refuses(bearer, inboxes.share())) return refuse(c, 'inbox')
    const ticket = limit.enter(bearer)
    if (ticket === undefined) return refuse(c, 'placement')
    c.set('endPlacement', ticket.leave)
    try {
      return await next()
    } finally {
      ticket.leave()
    }
  })
}

/** An `EventSource` gives up for good after an error. So a stream gets what there is, and a long time to retry after. */
const isStream = (c: Context): boolean => c.req.header('accept')?.includes('text/event-stream') === true

const overloaded = (c: Context, kind: LoadKind | 'inbox') => {
  const { least, spread } = kind === 'inbox' ? INBOX_RETRY_SECONDS : QUEUE_RETRY_SECONDS
  const seconds = least + Math.floor(Math.random() * spread)
  return problem(c, 'overloaded', {
    detail: `${WHAT_HAPPENED[kind]} Send the request again in ${seconds} seconds.`,
    headers: { 'retry-after': String(seconds) },
  })
}

const NOTHING_STORED = 'Nothing was stored, and an idempotency key is still free.'

const WHAT_HAPPENED: Record<LoadKind | 'inbox', string> = {
  placement: `More orders arrive than can be stored. ${NOTHING_STORED}`,
  inbox: `Orders are placed faster than they can be decided. ${NOTHING_STORED}`,
  read: 'So many orders arrive that reads have to wait.',
}

/** Counts what was refused, and logs the numbers since the last line. */
const createRefusalLog = (log: Log, limit: PlacementLimit) => {
  let refused = { placement: 0, inbox: 0, read: 0 }
  let loggedAt: Instant = Number.NEGATIVE_INFINITY
  return (kind: LoadKind | 'inbox', now: Instant): void => {
    refused[kind] += 1
    if (now - loggedAt < LOG_EVERY_MS) return
    const { placement, inbox, read } = refused
    log('warn', 'requests were refused: overloaded', {
      ...{ orders: placement, ordersForInboxes: inbox, reads: read },
      ...limit.figures(),
    })
    refused = { placement: 0, inbox: 0, read: 0 }
    loggedAt = now
  }
}
