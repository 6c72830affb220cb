import { z } from 'zod'
import { timestampField } from './fields.ts'

/**
 * Events caused by events, one after the other, before a chain counts as a loop.
 * The longest honest chain (placed, reserved, confirmed, captured, cancelled, refunded, noted) has seven.
 */
export const HOPS_MAX = 16

/** CloudEvents 1.0 in JSON (github.com/cloudevents/spec), with our extension attributes. */
export const envelopeSchema = z.object({
  specversion: z.literal('1.0'),
  /** Derived from what happened, never from the attempt: an event sent twice is the same event. */
  id: z.string().min(1).max(256),
  source: z.string().min(1).max(256),
  type: z.string().min(1).max(128),
  schemaversion: z.int().min(1),
  subject: z.string().min(1).max(128),
  time: timestampField,
  datacontenttype: z.literal('application/json').optional(),
  /** Grows with each change of the subject. */
  revision: z.int().min(0).default(0),
  correlationid: z.string().max(256).optional(),
  /** The id of the event that caused this one. */
  causationid: z.string().max(256).optional(),
  traceparent: z.string().max(64).optional(),
  /** Whose order it is about: on what the order service tells the operations service. */
  client: z.string().max(128).optional(),
  hops: z.int().min(0).default(0),
  data: z.unknown(),
})

export type Envelope = z.infer<typeof envelopeSchema>
