import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { acceptedExample, cloudEventExample, plainEventExample } from '../examples/events.ts'
import { EVENTS_MAX, externalEventSchema } from '../external-order.ts'
import { jsonResponse, operation } from './operation.ts'

/** Plain JSON Schema, which validates nothing: the reader of events reports faults better. */
const documented = (schema: z.ZodType, example: unknown) => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' })
  return { schema: rest as object, example }
}

const batch = z.array(externalEventSchema).max(EVENTS_MAX)

const acceptedSchema = z
  .object({ accepted: z.array(z.string()).meta({ description: 'The ids of the orders.' }) })
  .meta({ id: 'AcceptedEvents' })

export const publishEvents = operation({
  scope: 'events:write',
  problems: [
    'event_not_accepted',
    'order_id_taken',
    'unknown_product',
    'mixed_currencies',
    'price_mismatch',
    'amount_too_large',
    'amount_not_chargeable',
    'payment_required',
    'orders_paused',
    'idempotency_key_reused',
    'request_in_progress',
  ],
  route: createRoute({
    operationId: 'publishEvents',
    tags: ['Orders'],
    summary: 'Place orders by events from outside',
    description:
      'Takes `OrderPlaced`, alone or in a batch: as a CloudEvent of version 1 or 2, structured or binary, or as the plain version 1. Each places that order under its own `orderId`, by the rules of `POST /orders`. That id belongs to its client: another client may use the same one. All events of a batch are checked before any takes effect. The same order again is the same order. Unknown extra fields are ignored, except that a version 1 event which names another currency than the default one is refused.',
    method: 'post',
    path: '/events',
    request: {
      body: {
        required: true,
        content: {
          'application/json': documented(z.union([externalEventSchema, batch]), plainEventExample),
          'application/cloudevents+json': documented(externalEventSchema, cloudEventExample),
          'application/cloudevents-batch+json': documented(batch, [cloudEventExample]),
        },
      },
    },
    responses: {
      202: jsonResponse(acceptedSchema, 'All are durably stored', { example: acceptedExample }),
    },
  }),
})
