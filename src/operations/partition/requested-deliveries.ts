import type { Caller } from '../../contracts/caller.ts'
import { createEvent } from '../../contracts/events.ts'
import type { Instant } from '../../kernel/instant.ts'
import { refusal, success } from '../../kernel/result.ts'
import type { HourlyAllowance } from '../../messaging/hourly-allowance.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import { resent } from '../delivery-progress.ts'
import { newDelivery } from '../webhook-delivery.ts'
import { DELIVERY_VIEW, type DeliveryView, viewDelivery } from '../webhook-view.ts'
import { type SendingPorts, sendAgain, sendNew } from './delivery-sending.ts'
import { loadDelivery } from './delivery-store.ts'
import { type KeyedPorts, type ViewReply, viewOnce } from './idempotent-view.ts'
import { findWebhook } from './webhook-lookup.ts'

/** Test deliveries of a client in an hour: each is a row for seven days, and a request to an address. */
export const TESTS_AN_HOUR_MAX = 600

export type SendRequest = {
  webhookId: string
  deliveryId: string
  caller: Caller
  request: IdempotentRequest | undefined
  traceparent?: string | undefined
}

/** `tests` is how many test deliveries a client may ask for within an hour. */
export type RequestedPorts = KeyedPorts & Pick<SendingPorts, 'dispatch'> & { tests: HourlyAllowance }

type SendRefusal = 'webhook_not_found' | 'webhook_disabled'

/** Sends an event that only says that a caller asked for it. */
export const sendTest = (ports: RequestedPorts, wanted: SendRequest): ViewReply<DeliveryView, SendRefusal> =>
  viewOnce({ ...ports, type: DELIVERY_VIEW }, wanted.request, () => {
    const { host, tests } = ports
    const { webhookId, deliveryId, caller } = wanted
    const webhook = findWebhook(host.sql, webhookId, caller)
    if (webhook === undefined) return refusal({ code: 'webhook_not_found' })
    if (webhook.disabledReason !== undefined) return refusal({ code: 'webhook_disabled' })
    const retryAfterSeconds = tests.retryAfterSeconds(caller.client)
    if (retryAfterSeconds !== undefined) return refusal({ code: 'rate_limited', retryAfterSeconds })
    const now = host.now()
    const delivery = newDelivery(webhookTested(wanted, now), { webhookId, deliveryId }, now)
    sendNew(ports, webhook, delivery)
    tests.count(caller.client)
    return success(viewDelivery(delivery))
  })

/** Sends a delivery again, whatever its status. */
export const resendDelivery = (
  ports: RequestedPorts,
  wanted: SendRequest,
): ViewReply<DeliveryView, SendRefusal | 'delivery_not_found'> =>
  viewOnce({ ...ports, type: DELIVERY_VIEW }, wanted.request, () => {
    const { sql, now } = ports.host
    const { webhookId, deliveryId, caller } = wanted
    const webhook = findWebhook(sql, webhookId, caller)
    if (webhook === undefined) return refusal({ code: 'webhook_not_found' })
    const known = loadDelivery(sql, webhookId, deliveryId)
    if (known === undefined) return refusal({ code: 'delivery_not_found' })
    if (webhook.disabledReason !== undefined) return refusal({ code: 'webhook_disabled' })
    const delivery = resent(known, now())
    if (delivery !== known) sendAgain(ports, webhook, delivery, { isUrgent: true })
    return success(viewDelivery(delivery))
  })

const webhookTested = ({ webhookId, deliveryId, traceparent }: SendRequest, now: Instant) =>
  createEvent({
    type: 'WebhookTested',
    subject: webhookId,
    occurrence: deliveryId,
    at: now,
    revision: 0,
    traceparent,
    data: { webhookId },
  })
