import type { z } from 'zod'
import type { webhookHealthSchema } from '../contracts/http/webhooks.ts'
import { type Instant, toTimestamp } from '../kernel/instant.ts'
import type { Endpoint } from './endpoint.ts'
import type { Webhook } from './webhook.ts'

/** How a webhook fares. `nextDueAt`: when the first of its pending deliveries is due. */
export type WebhookHealth = {
  endpoint: Endpoint
  nextDueAt: Instant | undefined
  pending: number
  failed: number
}

type HealthView = z.infer<typeof webhookHealthSchema>

/** The health as operators see it. A disabled webhook has no next attempt. */
export const viewHealth = (
  { disabledReason }: Webhook,
  { endpoint, nextDueAt, pending, failed }: WebhookHealth,
): HealthView => {
  const { failures, failingSince, restsUntil, lastStatus, lastError } = endpoint
  const nextAt = disabledReason === undefined && nextDueAt !== undefined && Math.max(nextDueAt, restsUntil)
  return {
    status: failingSince === null ? 'healthy' : 'failing',
    consecutiveFailures: failures,
    ...(failingSince !== null && { failingSince: toTimestamp(failingSince) }),
    ...(lastStatus !== null && { lastStatus }),
    ...(lastError !== null && { lastError }),
    ...(nextAt !== false && { nextTryAt: toTimestamp(nextAt) }),
    pending,
    failed,
  }
}
