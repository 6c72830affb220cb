import { z } from 'zod'
import { envelopeSchema } from './envelope.ts'
import { type DomainEvent, EVENTS, type EventType } from './events.ts'

/** An event as it leaves the system: to those who read an order's events, as a list or live, and to webhooks. */
export const publicEventSchema = envelopeSchema
  .omit({ client: true, externalid: true, redriveid: true })
  .extend({ data: z.looseObject({}) })

export type PublicEvent = z.infer<typeof publicEventSchema>

/** Data that only our own services read: the payment token, and the client, for a payment that never began. */
const INSIDE: { readonly [Type in EventType]?: readonly string[] } = {
  OrderPlaced: ['payment'],
  OrderRejected: ['client'],
  OrderCancelled: ['client'],
}

/**
 * Shows what the documents describe, and of that nothing that stays inside. Its data name the order as its client
 * does; its id and subject stay unique.
 */
export const publicEvent = (event: DomainEvent): PublicEvent => {
  const { data, ...envelope } = publicEventSchema.parse(event)
  const inside = INSIDE[event.type] ?? []
  const shown = Object.keys(EVENTS[event.type].data.shape).filter((name) => !inside.includes(name))
  const fields = Object.entries(data).filter(([name]) => shown.includes(name))
  const named = Object.fromEntries(fields)
  if ('orderId' in named) named['orderId'] = event.externalid ?? named['orderId']
  return { ...envelope, data: named }
}
