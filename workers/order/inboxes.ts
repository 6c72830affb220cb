import { addedInboxes } from '../../src/cloudflare/added-inboxes.ts'
import { PORT_TIMEOUT_MS } from '../../src/cloudflare/partition-host.ts'
import type { Inboxes } from '../../src/cloudflare/publisher.ts'
import { within } from '../../src/cloudflare/within.ts'
import { backlogSince } from '../../src/messaging/backlog.ts'
import type { OrderPorts } from '../../src/order/partition/order-partition.ts'

/** The queues that order partitions publish to. */
export const inboxesOf = (env: OrderEnv): Inboxes => ({
  inventory: env.INVENTORY_INBOX,
  payment: env.PAYMENT_INBOX,
  operations: env.OPERATIONS_INBOX,
  ...addedInboxes(env),
})

/** Asks an inbox for its backlog. Rejects where the queue does not reply in time. */
export const createBacklogLook =
  (inboxes: Inboxes): OrderPorts['oldestWaiting'] =>
  async (inbox) => {
    const asked = inboxes[inbox]?.metrics()
    if (asked === undefined) return undefined
    return backlogSince(await within(PORT_TIMEOUT_MS, `asking for the backlog of ${inbox}`, asked))
  }
