import { gauge, type Sample } from '../../contracts/metrics.ts'
import { secondsSince } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { type Backlog, loadBacklogs } from './backlog-store.ts'

/** So many webhooks in difficulties have series of their own: Prometheus keeps each series for weeks. */
const WEBHOOKS_SHOWN_MAX = 100

/** How late the deliveries of webhooks are, and how long their addresses have failed. Those without either are left out. */
export const measureWebhooks = ({ sql, now }: PartitionHost): Sample[] => {
  const at = now()
  const measured = loadBacklogs(sql).map((backlog) => ({ backlog, ...troubleOf(backlog, at) }))
  return measured
    .filter(({ late, failing }) => late > 0 || failing > 0)
    .sort((left, right) => right.failing - left.failing || right.late - left.late)
    .slice(0, WEBHOOKS_SHOWN_MAX)
    .flatMap(({ backlog: { webhookId: webhook }, late, failing }) => [
      gauge('edge_orders_webhook_deliveries_late_seconds', late, { webhook }),
      gauge('edge_orders_webhook_failing_seconds', failing, { webhook }),
    ])
}

/** A webhook that is disabled sends nothing, so it is not late. */
const troubleOf = ({ disabledReason, dueAt, endpoint }: Backlog, now: number) => ({
  late: disabledReason === undefined ? secondsSince(dueAt, now) : 0,
  failing: secondsSince(endpoint.failingSince ?? undefined, now),
})
