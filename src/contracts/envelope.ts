import { z } from 'zod'
import { timestampField } from './fields.ts'

/**
 * Events caused by events, one after the other, before a chain counts as a loop.
 * The longest honest chain (placed, reserved, confirmed, captured, cancelled, refunded, acknowledged) has seven.
 */
export const HOPS_MAX = 16

/** CloudEvents 1.0 in JSON (github.com/cloudevents/spec), with our extension attributes. */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(256).meta({
    description: 'Derived from what happened, never from the attempt: an event sent twice is the same event.',
  }),
  source: z.string().min(1).max(256).meta({ description: 'The service that published it.' }),
  type: z.string().min(1).max(128),
  schemaversion: z.int().min(1).meta({ description: 'The version of `data`.' }),
  subject: z.string().min(1).max(128).meta({ description: "The order's id, or the product's." }),
  time: timestampField.meta({ description: 'When it happened, not when it was sent.' }),
  datacontenttype: z.literal('application/json').optional(),
  revision: z.int().min(0).default(0).meta({ description: 'Grows with each change of the subject.' }),
  correlationid: z.string().max(256).optional(),
  causationid: z
    .string()
    .max(256)
    .optional()
    .meta({ description: 'The id of the event that caused this one.' }),
  traceparent: z
    .string()
    .max(64)
    .optional()
    .meta({ description: 'The W3C trace of the request that began it.' }),
  client: z.string().max(128).optional().meta({
    description: 'Whose order it is about. Views outside leave it out.',
  }),
  externalid: z.string().min(1).max(64).optional().meta({
    description:
      "What the order's client calls it, where the client gave it an id. Views outside leave it out, and have it as the `orderId` of the data.",
  }),
  redriveid: z.string().min(1).max(128).optional().meta({
    description:
      'Only where a person had it sent again from the dead letters: another each time. Views outside leave it out.',
  }),
  hops: z.int().min(0).default(0).meta({ description: 'How many events led to this one.' }),
  data: z.unknown(),
})

export type Envelope = z.infer<typeof envelopeSchema>
