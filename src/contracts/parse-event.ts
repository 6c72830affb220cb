import type { z } from 'zod'
import { fromTimestamp, toTimestamp } from '../kernel/instant.ts'
import { type Result, refusal, success } from '../kernel/result.ts'
import { IS_ILL_FORMED, illFormedTexts } from '../kernel/well-formed.ts'
import { withPlainAttributes } from './attributes.ts'
import { compiledData, compiledEnvelope } from './compiled-schemas.ts'
import { type Envelope, HOPS_MAX } from './envelope.ts'
import { type DomainEvent, EVENTS, type EventType, isEventType } from './events.ts'
import { jsonPointer } from './json-pointer.ts'
import { orderPlacedVersion1Schema } from './order-events.ts'
import { isPlainVersion1, upcastOrderPlaced, upcastOrderPlacedData, wrongCurrency } from './upcast.ts'

/** Why an event cannot be taken, now or ever. */
export type Unreadable = {
  code: 'unknown_type' | 'newer_version' | 'schema_broken' | 'hop_limit'
  detail: string
}

/** What came over a queue or HTTP → an event of the current version. Unknown extra fields are dropped. */
export const parseEvent = (value: unknown, defaultCurrency: string): Result<DomainEvent, Unreadable> => {
  const [illFormed] = illFormedTexts(value)
  if (illFormed !== undefined) return refusal(brokenAt(jsonPointer(illFormed), IS_ILL_FORMED))
  const event = withPlainAttributes(value)
  if (isPlainVersion1(event)) return parsePlainVersion1(event, defaultCurrency)
  const envelope = compiledEnvelope.safeParse(event)
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
  const time = toTimestamp(fromTimestamp(envelope.data.time))
  return parseData({ ...envelope.data, time }, type, defaultCurrency)
}

const parsePlainVersion1 = (value: unknown, defaultCurrency: string): Result<DomainEvent, Unreadable> => {
  const plain = orderPlacedVersion1Schema.safeParse(value)
  if (!plain.success) return refusal(schemaBroken(plain.error))
  const isWrong = wrongCurrency(value, defaultCurrency)
  if (isWrong !== undefined) return refusal(brokenAt('/currency', isWrong))
  const event = upcastOrderPlaced(plain.data, defaultCurrency)
  return parseData(event, 'OrderPlaced', defaultCurrency)
}

const parseData = (
  envelope: Envelope,
  type: EventType,
  defaultCurrency: string,
): Result<DomainEvent, Unreadable> => {
  const { version } = EVENTS[type]
  if (envelope.schemaversion > version) {
    const detail = `${type} has version ${envelope.schemaversion}; this consumer knows up to ${version}.`
    return refusal({ code: 'newer_version', detail })
  }
  const isOldOrder = type === 'OrderPlaced' && envelope.schemaversion === 1
  const isWrong = isOldOrder ? wrongCurrency(envelope.data, defaultCurrency) : undefined
  if (isWrong !== undefined) return refusal(brokenAt('/data/currency', isWrong))
  const data = compiledData[type].safeParse(
    isOldOrder ? upcastOrderPlacedData(envelope.data, envelope.time, defaultCurrency) : envelope.data,
  )
  if (!data.success) return refusal(schemaBroken(data.error, '/data'))
  const named = subjectOf(data.data)
  if (named !== undefined && named !== envelope.subject) {
    return refusal(brokenAt('/subject', `is "${envelope.subject}", but its data is about "${named}"`))
  }
  return success({ ...envelope, type, schemaversion: version, data: data.data } as DomainEvent)
}

/** What the data is about, where it says so. Queues and partitions go by it, readers go by the subject. */
const subjectOf = (data: object): string | undefined => {
  if ('orderId' in data) return String(data.orderId)
  return 'productId' in data ? String(data.productId) : undefined
}

const brokenAt = (path: string, message: string): Unreadable => ({
  code: 'schema_broken',
  detail: `${path}: ${message}`,
})

const schemaBroken = (error: z.ZodError, prefix = ''): Unreadable => {
  const faults = error.issues
    .slice(0, 5)
    .map((issue) => `${prefix}/${issue.path.join('/')}: ${issue.message}`)
  return { code: 'schema_broken', detail: faults.join('; ') }
}
