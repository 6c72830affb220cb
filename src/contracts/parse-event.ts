import type { z } from 'zod'
import { type Result, refusal, success } from '../kernel/result.ts'
import { type Envelope, envelopeSchema, HOPS_MAX } from './envelope.ts'
import { type DomainEvent, EVENTS, type EventType, isEventType } from './events.ts'
import { orderPlacedVersion1Schema } from './order-events.ts'
import { isPlainVersion1, upcastOrderPlaced, upcastOrderPlacedData } from './upcast.ts'

/** Why an event cannot be taken, now or ever. */
export type Unreadable = {
  code: 'unknown_type' | 'newer_version' | 'schema_broken' | 'hop_limit'
  detail: string
}

/** What came over a queue or HTTP → an event of the current version. Unknown extra fields are dropped. */
export const parseEvent = (value: unknown, defaultCurrency: string): Result<DomainEvent, Unreadable> => {
  if (isPlainVersion1(value)) return parsePlainVersion1(value, defaultCurrency)
  const envelope = envelopeSchema.safeParse(value)
  if (!envelope.success) return refusal(schemaBroken(envelope.error))
  const { type, hops } = envelope.data
  if (!isEventType(type)) {
    return refusal({ code: 'unknown_type', detail: `No event of type "${type}" is known here.` })
  }
  if (hops > HOPS_MAX) {
    return refusal({
      code: 'hop_limit',
      detail: `${hops} events caused each other; ${HOPS_MAX} is the limit.`,
    })
  }
  return parseData(envelope.data, type, defaultCurrency)
}

const parsePlainVersion1 = (value: unknown, defaultCurrency: string): Result<DomainEvent, Unreadable> => {
  const plain = orderPlacedVersion1Schema.safeParse(value)
  if (!plain.success) return refusal(schemaBroken(plain.error))
  const event = upcastOrderPlaced(plain.data, defaultCurrency)
  return parseData(event, 'OrderPlaced', defaultCurrency)
}

const parseData = (
  envelope: Envelope,
  type: EventType,
  defaultCurrency: string,
): Result<DomainEvent, Unreadable> => {
  const { version, data: schema } = EVENTS[type]
  if (envelope.schemaversion > version) {
    const detail = `${type} has version ${envelope.schemaversion}; this consumer knows up to ${version}.`
    return refusal({ code: 'newer_version', detail })
  }
  const isOldOrder = type === 'OrderPlaced' && envelope.schemaversion === 1
  const data = schema.safeParse(
    isOldOrder ? upcastOrderPlacedData(envelope.data, envelope.time, defaultCurrency) : envelope.data,
  )
  if (!data.success) return refusal(schemaBroken(data.error, '/data'))
  const named = subjectOf(data.data)
  if (named !== undefined && named !== envelope.subject) {
    const detail = `/subject: is "${envelope.subject}", but its data is about "${named}"`
    return refusal({ code: 'schema_broken', detail })
  }
  return success({ ...envelope, type, schemaversion: version, data: data.data } as DomainEvent)
}

/** What the data is about, where it says so. Queues and partitions go by it, whoever reads goes by the subject. */
const subjectOf = (data: object): string | undefined => {
  if ('orderId' in data) return String(data.orderId)
  return 'productId' in data ? String(data.productId) : undefined
}

const schemaBroken = (error: z.ZodError, prefix = ''): Unreadable => {
  const faults = error.issues
    .slice(0, 5)
    .map((issue) => `${prefix}/${issue.path.join('/')}: ${issue.message}`)
  return { code: 'schema_broken', detail: faults.join('; ') }
}
