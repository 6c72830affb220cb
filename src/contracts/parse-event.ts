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

/** A place where an event differs from its schema. `path` is a JSON pointer. */
export type EventFault = { path: string; message: string }

type Faulty = Unreadable & { faults: readonly EventFault[] }

/** An event that is all wrong has thousands. */
const FAULTS_MAX = 100

/** What came over a queue or HTTP → an event of the current version. Unknown extra fields are dropped. */
export const parseEvent = (value: unknown, defaultCurrency: string): Result<DomainEvent, Unreadable> => {
  const parsed = readEvent(value, defaultCurrency)
  if (parsed.ok) return parsed
  const { code, detail } = parsed.reason
  return refusal({ code, detail })
}

/** Where the event differs from its schema; empty for an event that can be taken. */
export const faultsOfEvent = (value: unknown, defaultCurrency: string): readonly EventFault[] => {
  const parsed = readEvent(value, defaultCurrency)
  return parsed.ok ? [] : parsed.reason.faults
}

const readEvent = (value: unknown, defaultCurrency: string): Result<DomainEvent, Faulty> => {
  const [illFormed] = illFormedTexts(value)
  if (illFormed !== undefined) return refusal(brokenAt(jsonPointer(illFormed), IS_ILL_FORMED))
  const event = withPlainAttributes(value)
  if (isPlainVersion1(event)) return parsePlainVersion1(event, defaultCurrency)
  const envelope = compiledEnvelope.safeParse(event)
  if (!envelope.success) return refusal(schemaBroken(envelope.error))
  const { type, hops } = envelope.data
  if (!isEventType(type)) {
    return refusal(unreadable('unknown_type', '/type', `No event of type "${type}" is known here.`))
  }
  if (hops > HOPS_MAX) {
    const detail = `${hops} events caused each other; ${HOPS_MAX} is the limit.`
    return refusal(unreadable('hop_limit', '/hops', detail))
  }
  const time = toTimestamp(fromTimestamp(envelope.data.time))
  return parseData({ ...envelope.data, time }, type, defaultCurrency)
}

const parsePlainVersion1 = (value: unknown, defaultCurrency: string): Result<DomainEvent, Faulty> => {
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
): Result<DomainEvent, Faulty> => {
  const { version } = EVENTS[type]
  if (envelope.schemaversion > version) {
    const detail = `${type} has version ${envelope.schemaversion}; this consumer knows up to ${version}.`
    return refusal(unreadable('newer_version', '/schemaversion', detail))
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

const unreadable = (code: Unreadable['code'], path: string, detail: string): Faulty => ({
  code,
  detail,
  faults: [{ path, message: detail }],
})

const brokenAt = (path: string, message: string): Faulty => ({
  code: 'schema_broken',
  detail: `${path}: ${message}`,
  faults: [{ path, message }],
})

const schemaBroken = (error: z.ZodError, prefix = ''): Faulty => {
  const details = error.issues
    .slice(0, 5)
    .map((issue) => `${prefix}/${issue.path.join('/')}: ${issue.message}`)
  const faults = error.issues
    .slice(0, FAULTS_MAX)
    .map(({ path, message }) => ({ path: `${prefix}${jsonPointer(path)}`, message }))
  return { code: 'schema_broken', detail: details.join('; '), faults }
}
