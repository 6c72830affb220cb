import type { z } from 'zod'
import { bulkResendSchema, deliverySchema } from '../contracts/http/deliveries.ts'
import {
  webhookSchema,
  type webhookWithHealthSchema,
  type webhookWithSecretSchema,
} from '../contracts/http/webhooks.ts'
import { type Instant, toTimestamp } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'
import { statusOf, type Webhook } from './webhook.ts'
import type { WebhookDelivery } from './webhook-delivery.ts'
import { viewHealth, type WebhookHealth } from './webhook-health.ts'

export type WebhookView = z.infer<typeof webhookSchema>

/** As a response with it is kept: without the secret, which is shown once. */
export const WEBHOOK_VIEW = storedType('view of a webhook', webhookSchema)

export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>

/** The webhook as its owner sees it: without its secrets. */
export const viewWebhook = (webhook: Webhook, now: Instant): WebhookView => {
  const expiries = webhook.secrets.flatMap(({ expiresAt = 0 }) => (expiresAt > now ? [expiresAt] : []))
  return {
    id: webhook.webhookId,
    url: webhook.url,
    types: [...webhook.types],
    status: statusOf(webhook),
    ...(webhook.disabledReason !== undefined && { disabledReason: webhook.disabledReason }),
    client: webhook.client,
    createdBy: webhook.createdBy ?? null,
    ...(webhook.addressSetBy !== undefined && { addressSetBy: webhook.addressSetBy }),
    hears: webhook.hearsAll ? 'all' : 'own',
    ...(expiries.length > 0 && { oldSecretExpiresAt: toTimestamp(Math.max(...expiries)) }),
    createdAt: toTimestamp(webhook.createdAt),
    updatedAt: toTimestamp(webhook.changedAt),
  }
}

export type WebhookWithHealth = z.infer<typeof webhookWithHealthSchema>

/** The webhook with the state of its address and the number of its deliveries. */
export const viewWebhookWithHealth = (
  webhook: Webhook,
  health: WebhookHealth,
  now: Instant,
): WebhookWithHealth => ({ ...viewWebhook(webhook, now), health: viewHealth(webhook, health) })

export type BulkResendView = z.infer<typeof bulkResendSchema>

/** As a response with it is kept. */
export const BULK_RESEND_VIEW = storedType('view of a bulk resend', bulkResendSchema)

export type DeliveryView = z.infer<typeof deliverySchema>

/** As a response with it is kept. */
export const DELIVERY_VIEW = storedType('view of a delivery', deliverySchema)

/** The delivery as its log shows it. Of the address's response only the status is stored: its body may be confidential. */
export const viewDelivery = (delivery: WebhookDelivery): DeliveryView => ({
  id: delivery.deliveryId,
  eventId: delivery.eventId,
  type: delivery.type,
  status: delivery.status,
  attempts: delivery.attempts,
  ...(delivery.lastStatus !== undefined && { lastStatus: delivery.lastStatus }),
  ...(delivery.lastError !== undefined && { lastError: delivery.lastError }),
  ...(delivery.lastTriedAt !== undefined && { lastTriedAt: toTimestamp(delivery.lastTriedAt) }),
  ...(delivery.status === 'pending' && { nextTryAt: toTimestamp(delivery.nextTryAt) }),
  createdAt: toTimestamp(delivery.createdAt),
})
