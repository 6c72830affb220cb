import { type Instant, SECOND_MS } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { attempt } from '../../messaging/turn.ts'
import { KEPT_MS } from '../webhook-delivery.ts'
import { type Backlog, loadBacklogs } from './backlog-store.ts'
import {
  earliestToForget,
  forgetPortion,
  giveUpPortion,
  removedWebhooks,
  removePortion,
} from './delivery-cleanup-store.ts'

/** Other turns go first between two portions. */
const BETWEEN_PORTIONS_MS = SECOND_MS

/**
 * Deletes deliveries that finished a week ago and those of removed webhooks, and gives up the pending ones of disabled
 * webhooks. There may be very many, so it works in portions: no turn ever handles them all.
 */
export const createDeliveryCleanup = (host: PartitionHost) => ({
  /** False where any part of it failed. */
  wake: (): boolean => {
    const now = host.now()
    const done = [
      ...removedWebhooks(host.sql).map((id) => attempt(host, { id }, () => removePortion(host.sql, id))),
      ...loadBacklogs(host.sql)
        .filter(isGivenUp)
        .map((backlog) => attempt(host, { id: backlog.webhookId }, () => giveUp(host, backlog))),
      attempt(host, {}, () => forgetPortion(host.sql, now)),
    ]
    return done.every(({ ok }) => ok)
  },

  nextAt: (): Instant => {
    const now = host.now()
    const isMore = removedWebhooks(host.sql).length > 0 || loadBacklogs(host.sql).some(isGivenUp)
    const forgetAt = earliestToForget(host.sql) ?? Number.POSITIVE_INFINITY
    return Math.min(isMore ? now + BETWEEN_PORTIONS_MS : Number.POSITIVE_INFINITY, forgetAt)
  },
})

export type DeliveryCleanup = ReturnType<typeof createDeliveryCleanup>

const isGivenUp = ({ disabledReason, dueAt }: Backlog): boolean =>
  disabledReason !== undefined && dueAt !== undefined

/** Gives up pending deliveries of a disabled webhook. Returns whether there may be more. */
export const giveUp = (
  host: PartitionHost,
  { webhookId, disabledReason }: Pick<Backlog, 'webhookId' | 'disabledReason'>,
): boolean => {
  const error = `The webhook was disabled: ${disabledReason}.`
  const isMore = giveUpPortion(host.sql, webhookId, { error, dueAt: host.now() + KEPT_MS })
  if (isMore) host.wakeBy(host.now() + BETWEEN_PORTIONS_MS)
  return isMore
}
