import type { Context } from 'hono'
import { keepAlive } from '../../../src/cloudflare/http/keep-alive.ts'
import { PORT_TIMEOUT_MS } from '../../../src/cloudflare/partition-host.ts'
import { within } from '../../../src/cloudflare/within.ts'
import { type Instant, SECOND_MS } from '../../../src/kernel/instant.ts'
import { createInboxLag } from '../../../src/order/inbox-lag.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** An isolate looks at the inboxes once in this time at most, */
const LOOK_EVERY_MS = 10 * SECOND_MS
/** and once in so many placements, so that a look costs an order next to nothing. */
const LOOK_EVERY_PLACEMENTS = 100
/** After this time a look says nothing any more. */
const STALE_MS = 120 * SECOND_MS

const INBOXES = ['inventory', 'payment'] as const

/** Looks at the inboxes in the background of placements, never in their way. A look that fails changes nothing. */
export const createInboxLooks = () => {
  const lags = { inventory: createInboxLag(), payment: createInboxLag() }
  let placements = 0
  let startedAt: Instant = Number.NEGATIVE_INFINITY
  let notedAt: Instant = Number.NEGATIVE_INFINITY

  const look = async (c: Context<OrderRoutesEnv>, since: Instant): Promise<void> => {
    const [metrics, reportAges] = await Promise.all([backlogsOf(c), reportAgesOf(c)])
    const at = Date.now()
    for (const name of INBOXES) {
      const { backlogCount, oldestMessageTimestamp } = metrics[name]
      const oldestAt = backlogCount > 0 ? oldestMessageTimestamp?.getTime() : undefined
      const isConsumed = (reportAges[name] ?? Number.POSITIVE_INFINITY) < Math.min(at - since, STALE_MS)
      lags[name].note({ at, messages: backlogCount, oldestAt, isConsumed })
    }
    notedAt = at
  }

  return {
    onPlacement: (c: Context<OrderRoutesEnv>): void => {
      placements += 1
      const now = Date.now()
      if (placements < LOOK_EVERY_PLACEMENTS || now - startedAt < LOOK_EVERY_MS) return
      const since = startedAt
      placements = 0
      startedAt = now
      keepAlive(
        c,
        look(c, since).catch(() => undefined),
      )
    },

    /** The share of new orders that the consumers of all inboxes keep up with. */
    share: (): number =>
      Date.now() - notedAt > STALE_MS ? 1 : Math.min(...INBOXES.map((name) => lags[name].share())),
  }
}

const backlogsOf = async ({ env }: Context<OrderRoutesEnv>) => {
  const [inventory, payment] = await within(
    PORT_TIMEOUT_MS,
    'asking for backlogs',
    Promise.all([env.INVENTORY_INBOX.metrics(), env.PAYMENT_INBOX.metrics()]),
  )
  return { inventory, payment }
}

/** One partition stands for all: reports of every consumer reach every partition that is busy. */
const reportAgesOf = async (c: Context<OrderRoutesEnv>) => {
  const { assign, at } = await c.var.openPartitions()
  const { label } = assign(undefined, Date.now())
  return await within(PORT_TIMEOUT_MS, 'asking for reports', at(label).reportAgesMs())
}
