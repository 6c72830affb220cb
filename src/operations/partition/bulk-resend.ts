import type { Caller } from '../../contracts/caller.ts'
import type { Instant } from '../../kernel/instant.ts'
import { refusal, success } from '../../kernel/result.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import { resent } from '../delivery-progress.ts'
import { BULK_RESEND_VIEW, type BulkResendView } from '../webhook-view.ts'
import { type SendingPorts, sendAgain } from './delivery-sending.ts'
import { type KeyedPorts, type ViewReply, viewOnce } from './idempotent-view.ts'
import { countToResend, loadToResend, RESENT_COUNT_MAX, type ResendFilter } from './resend-store.ts'
import { findWebhook } from './webhook-lookup.ts'

/** `until` is left out for "until now". A dry run only counts. */
export type BulkResendRequest = {
  webhookId: string
  caller: Caller
  request: IdempotentRequest | undefined
  status: ResendFilter['status']
  since: Instant
  until?: Instant | undefined
  limit: number
  isDryRun: boolean
}

type Ports = KeyedPorts & Pick<SendingPorts, 'dispatch'>

/**
 * Sends a portion of a webhook's failed deliveries again, the oldest first. What was sent again no longer matches, so
 * that the next call continues where this one ended. The deliveries wait for free connections and for the end of the
 * address's rest, as new ones do.
 */
export const resendMany = (
  ports: Ports,
  wanted: BulkResendRequest,
): ViewReply<BulkResendView, 'webhook_not_found' | 'webhook_disabled'> =>
  viewOnce({ ...ports, type: BULK_RESEND_VIEW }, wanted.request, () => {
    const { sql, now } = ports.host
    const { webhookId, caller, limit } = wanted
    const webhook = findWebhook(sql, webhookId, caller)
    if (webhook === undefined) return refusal({ code: 'webhook_not_found' })
    const filter = filterOf(wanted, now())
    if (wanted.isDryRun) return success(viewCount(countToResend(sql, webhookId, filter)))
    if (webhook.disabledReason !== undefined) return refusal({ code: 'webhook_disabled' })
    const found = loadToResend(sql, webhookId, filter, limit + 1)
    const portion = found.slice(0, limit)
    for (const delivery of portion) sendAgain(ports, webhook, resent(delivery, now()), { isUrgent: false })
    return success({ dryRun: false, count: portion.length, hasMore: found.length > limit })
  })

const filterOf = ({ status, since, until }: BulkResendRequest, now: Instant): ResendFilter => ({
  status,
  since,
  until: until ?? now + 1,
  now,
})

const viewCount = (count: number): BulkResendView => ({
  dryRun: true,
  count: Math.min(count, RESENT_COUNT_MAX),
  hasMore: count > RESENT_COUNT_MAX,
})
