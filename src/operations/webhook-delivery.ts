import { z } from 'zod'
import type { DomainEvent } from '../contracts/events.ts'
import { instantField } from '../contracts/fields.ts'
import { publicEvent, publicEventSchema } from '../contracts/public-event.ts'
import { HOUR_MS, type Instant } from '../kernel/instant.ts'
import { storedType } from '../messaging/stored-document.ts'

/** How long a finished delivery can be looked up and sent again. */
export const KEPT_MS = 7 * 24 * HOUR_MS

const deliverySchema = z.object({
  deliveryId: z.string(),
  webhookId: z.string(),
  eventId: z.string(),
  type: z.string(),
  body: z.string(),
  createdAt: instantField,
  status: z.enum(['pending', 'delivered', 'failed']),
  /** All attempts. */
  attempts: z.number(),
  /** The attempts that failed since the delivery was new or sent again. They decide how long the next one waits. */
  failures: z.number(),
  /** The attempts since the last known outcome. Their Workers were killed, which is no failure of the address. */
  unheard: z.number(),
  /** No attempt is made before. */
  nextTryAt: instantField,
  /** A Worker makes an attempt. Until then no other Worker may. */
  leasedUntil: instantField.exactOptional(),
  /** How often it was put on the queue since the last attempt. */
  queued: z.number(),
  /** While pending: when it is put on the queue (again). Once finished: when it is forgotten. */
  dueAt: instantField,
  lastTriedAt: instantField.exactOptional(),
  lastStatus: z.number().exactOptional(),
  lastError: z.string().exactOptional(),
})

/** One event on its way to one webhook. Its id and body are the same in every attempt. */
export type WebhookDelivery = z.infer<typeof deliverySchema>

/** Version 1 may lack both counts: older code did not count failures and attempts without an outcome. */
export const WEBHOOK_DELIVERY = storedType('delivery', deliverySchema, [
  (older) => ({ failures: 0, unheard: 0, ...older }),
])

/** The event in its public form, for one webhook. */
export const newDelivery = (
  event: DomainEvent,
  { deliveryId, webhookId }: { deliveryId: string; webhookId: string },
  now: Instant,
): WebhookDelivery => {
  const ids = { deliveryId, webhookId, eventId: event.id, type: event.type }
  const state = { status: 'pending', attempts: 0, failures: 0, unheard: 0, queued: 0 } as const
  return {
    ...ids,
    ...state,
    body: JSON.stringify(publicEvent(event)),
    createdAt: now,
    nextTryAt: now,
    dueAt: now,
  }
}

/** A test says whether the address works now, so it has one attempt. */
export const isTest = ({ type }: Pick<WebhookDelivery, 'type'>): boolean => type === 'WebhookTested'

/** The trace of the event, read from its body. */
export const traceparentOf = ({ body }: Pick<WebhookDelivery, 'body'>): string | undefined =>
  tracedSchema.safeParse(JSON.parse(body)).data?.traceparent

const tracedSchema = publicEventSchema.pick({ traceparent: true })
