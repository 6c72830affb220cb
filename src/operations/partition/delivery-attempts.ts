import type { Instant } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { attempt } from '../../messaging/turn.ts'
import { type AttemptOutcome, isGone, isOurFault, isSuccess } from '../attempt-outcome.ts'
import {
  type AttemptReport,
  type DeliveryAttempt,
  type DeliveryReference,
  referenceTo,
} from '../delivery-attempt.ts'
import { afterAttempt, underLease } from '../delivery-progress.ts'
import { afterFailure, afterSuccess, type Endpoint, isUnreachable } from '../endpoint.ts'
import { type DisabledReason, validSecrets, type Webhook } from '../webhook.ts'
import { isTest, type WebhookDelivery } from '../webhook-delivery.ts'
import { loadDelivery, updateDelivery } from './delivery-store.ts'
import { loadEndpoint, storeEndpoint } from './endpoint-store.ts'
import type { WebhookDispatch } from './webhook-dispatch.ts'
import { loadWebhook } from './webhook-store.ts'

type AttemptsPorts = {
  host: PartitionHost
  dispatch: WebhookDispatch
  disable(webhook: Webhook, reason: DisabledReason): void
}

/** The attempts that Workers make: each is leased to one Worker, and ends with a report or with its lease. */
export const createDeliveryAttempts = ({ host, dispatch, disable }: AttemptsPorts) => {
  const { sql } = host

  const leaseOne = (reference: DeliveryReference): DeliveryAttempt[] => {
    const webhook = loadWebhook(sql, reference.webhookId)
    const delivery = loadDelivery(sql, reference.webhookId, reference.deliveryId)
    if (webhook === undefined || webhook.disabledReason !== undefined || delivery === undefined) return []
    const leased = underLease(delivery, host.now())
    if (leased === undefined || !dispatch.mayLease(webhook, reference)) return []
    return [attemptOf(webhook, leased)]
  }

  const attemptOf = (webhook: Webhook, leased: WebhookDelivery): DeliveryAttempt => {
    updateDelivery(sql, leased)
    dispatch.onLeased(webhook, leased)
    const { attempts, body } = leased
    const secrets = validSecrets(webhook, host.now())
    return { ...referenceTo(leased), attempt: attempts, url: webhook.url, body, secrets }
  }

  const recordReport = (report: AttemptReport): DeliveryAttempt[] => {
    const { webhookId, deliveryId, outcome, wantsNext = false } = report
    const webhook = loadWebhook(sql, webhookId)
    const delivery = loadDelivery(sql, webhookId, deliveryId)
    if (webhook === undefined || delivery === undefined) return []
    const after = afterAttempt(delivery, report, { now: host.now(), chance: host.chance() })
    if (after === delivery) return []
    updateDelivery(sql, after)
    host.wakeBy(after.dueAt)
    dispatch.onAttemptEnded(webhook, after)
    const endpoint = updateEndpoint(webhook, outcome)
    if (webhook.disabledReason !== undefined) return []
    const reason = reasonToDisable(after, { outcome, endpoint, now: host.now() })
    if (reason !== undefined) {
      disable(webhook, reason)
      return []
    }
    const next = wantsNext ? leaseNext(webhook) : []
    dispatch.fill(webhook, endpoint)
    return next
  }

  /** The Worker that has just posted goes on with a waiting delivery, without the queue. */
  const leaseNext = (webhook: Webhook): DeliveryAttempt[] => {
    const due = dispatch.next(webhook)
    const leased = due && underLease(due, host.now())
    return leased === undefined ? [] : [attemptOf(webhook, leased)]
  }

  /** The address as a whole after one more outcome. */
  const updateEndpoint = ({ webhookId }: Webhook, outcome: AttemptOutcome): Endpoint => {
    const before = loadEndpoint(sql, webhookId)
    if (isOurFault(outcome)) return before
    const now = host.now()
    const after = isSuccess(outcome) ? afterSuccess(before, now) : afterFailure(before, outcome, now)
    if (after !== before) storeEndpoint(sql, webhookId, after)
    return after
  }

  return {
    /** Leases the deliveries that may be attempted now, so that no other Worker attempts them meanwhile. */
    lease: (references: readonly DeliveryReference[]): DeliveryAttempt[] =>
      host.turn(() =>
        references.flatMap((reference) => {
          const leased = attempt(host, reference, () => leaseOne(reference))
          return leased.ok ? leased.value : []
        }),
      ),

    /** Records the outcome of an attempt. Returns the next one for the same address, where one is wanted and due. */
    record: (report: AttemptReport): DeliveryAttempt[] => host.turn(() => recordReport(report)),
  }
}

/** Why the webhook is disabled after this outcome. None while the address may still take events. */
const reasonToDisable = (
  delivery: WebhookDelivery,
  { outcome, endpoint, now }: { outcome: AttemptOutcome; endpoint: Endpoint; now: Instant },
): DisabledReason | undefined => {
  if (isSuccess(outcome)) return undefined
  if (isGone(outcome)) return 'gone'
  return isGivenUp(delivery, endpoint, now) ? 'unreachable' : undefined
}

/**
 * After about a day without success: no event was taken in that time, or one event failed all that time and no other
 * one was taken since it was new.
 */
const isGivenUp = (delivery: WebhookDelivery, endpoint: Endpoint, now: Instant): boolean => {
  if (isTest(delivery)) return false
  if (isUnreachable(endpoint, now)) return true
  return (
    delivery.status === 'failed' && (endpoint.recoveredAt ?? Number.NEGATIVE_INFINITY) < delivery.createdAt
  )
}
