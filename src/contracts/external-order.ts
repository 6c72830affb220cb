import { z } from 'zod'
import { type Result, refusal, success } from '../kernel/result.ts'
import { withPlainAttributes } from './attributes.ts'
import { envelopeSchema } from './envelope.ts'
import { EVENTS } from './events.ts'
import { externalOrderIdField, labelField, timestampField } from './fields.ts'
import type { Fault } from './http/problem.ts'
import { jsonPointer } from './json-pointer.ts'
import { orderPlacedSchema, orderPlacedVersion1Schema } from './order-events.ts'
import { isPlainVersion1, wrongCurrency } from './upcast.ts'

/** As many as an order may have lines; the body's limit of 64 KiB is met at about the same time. */
export const EVENTS_MAX = 100

/** An order that was made outside the system, under its own id, as an event from there has it. */
export type ExternalOrder = {
  orderId: string
  items: readonly { productId: string; quantity: number }[]
  totalAmount: number
  currency: string
  /** The event named none: the deployment's own is meant. */
  isCurrencyImplied?: true
  paymentToken?: string
  customerId?: string
  /** The event that it came with. */
  eventId?: string
  traceparent?: string
}

/** Where its data are in what was sent: a path. */
export type Located<Value> = { at: Path; value: Value }

export type ExternalRefusal = { code: 'event_not_accepted' | 'validation_failed'; errors: Fault[] }

type Path = readonly (string | number)[]
type Read = Result<Located<ExternalOrder>, ExternalRefusal>

/**
 * What came from outside, one event or a batch of them, each a CloudEvent or the plain version 1 → the orders in
 * them: all of them, or all that is wrong. Unknown extra fields are ignored.
 */
export const readExternalOrders = (
  body: unknown,
  defaultCurrency: string,
): Result<Located<ExternalOrder>[], ExternalRefusal> => {
  const events = Array.isArray(body) ? body.map((event, index) => ({ event, at: [index] })) : undefined
  if (events !== undefined && events.length > EVENTS_MAX) {
    return broken([{ path: '', message: `must have at most ${EVENTS_MAX} events` }])
  }
  const read = (events ?? [{ event: body, at: [] }]).map(({ event, at }) =>
    readExternalOrder(event, at, defaultCurrency),
  )
  const refusals = read.flatMap((each) => (each.ok ? [] : [each.reason]))
  const worst = refusals.find(({ code }) => code === 'event_not_accepted') ?? refusals[0]
  if (worst === undefined) return success(read.flatMap((each) => (each.ok ? [each.value] : [])))
  const alike = refusals.filter(({ code }) => code === worst.code)
  return refusal({ code: worst.code, errors: alike.flatMap(({ errors }) => errors) })
}

const readExternalOrder = (sent: unknown, at: Path, defaultCurrency: string): Read => {
  const event = withPlainAttributes(sent)
  if (isPlainVersion1(event)) return readPlain(event, at, defaultCurrency)
  if (!z.object({ specversion: z.literal('1.0') }).safeParse(event).success) {
    return notAccepted(at, 'is neither a CloudEvent of specversion 1.0 nor an event of the plain version 1')
  }
  if (!z.object({ type: z.literal('OrderPlaced') }).safeParse(event).success) {
    return notAccepted([...at, 'type'], ONLY_ORDER_PLACED)
  }
  return readCloudEvent(event, at, defaultCurrency)
}

const ONLY_ORDER_PLACED = 'must be OrderPlaced: no other event is taken from outside'

const readPlain = (event: unknown, at: Path, currency: string): Read => {
  if (!orderPlacedVersion1Schema.pick({ eventType: true }).safeParse(event).success) {
    return notAccepted([...at, 'eventType'], ONLY_ORDER_PLACED)
  }
  const plain = plainSchema.safeParse(event)
  if (!plain.success) return broken(faultsOf(plain.error, at))
  const isWrong = wrongCurrency(event, currency)
  if (isWrong !== undefined) return broken([{ path: jsonPointer([...at, 'currency']), message: isWrong }])
  const { orderId, items, totalAmount } = plain.data
  return success({ at, value: { orderId, items, totalAmount, currency, isCurrencyImplied: true } })
}

const readCloudEvent = (event: unknown, at: Path, defaultCurrency: string): Read => {
  const version = versionOf(event)
  if (version !== 1 && version !== EVENTS.OrderPlaced.version) {
    const known = `the versions 1 to ${EVENTS.OrderPlaced.version} of OrderPlaced`
    return notAccepted([...at, 'schemaversion'], `must be one of those known here: ${known}`)
  }
  const parsed = (version === 1 ? version1Schema : version2Schema).safeParse(event)
  if (!parsed.success) return broken(faultsOf(parsed.error, at))
  const { id, traceparent, data } = parsed.data
  const isWrong = version === 1 ? wrongCurrency(dataOf(event), defaultCurrency) : undefined
  if (isWrong !== undefined) {
    return broken([{ path: jsonPointer([...at, 'data', 'currency']), message: isWrong }])
  }
  const value = {
    ...{ orderId: data.orderId, items: data.items, totalAmount: data.totalAmount, eventId: id },
    ...('currency' in data
      ? { currency: data.currency }
      : { currency: defaultCurrency, isCurrencyImplied: true as const }),
    ...('payment' in data && data.payment !== undefined && { paymentToken: data.payment.token }),
    ...('customerId' in data && data.customerId !== undefined && { customerId: data.customerId }),
    ...(traceparent !== undefined && { traceparent }),
  }
  return success({ at: [...at, 'data'], value })
}

/** Of the event's data. Where the event names none, the currency decides: version 1 has no currency. */
const versionOf = (event: unknown): unknown => {
  const { schemaversion, data } = formatSchema.parse(event)
  return schemaversion ?? ((data?.currency ?? null) === null ? 1 : 2)
}

const dataOf = (event: unknown): unknown => formatSchema.parse(event).data

const formatSchema = z.object({
  schemaversion: z.unknown().optional(),
  data: z.object({ currency: z.unknown().optional() }).optional().catch(undefined),
})

const line = orderPlacedVersion1Schema.shape.items

const plainSchema = orderPlacedVersion1Schema.extend({ orderId: externalOrderIdField })

/** What CloudEvents demands, and no more: a sender outside may not know our extensions. */
const attributes = {
  id: envelopeSchema.shape.id,
  source: envelopeSchema.shape.source,
  subject: z.string().optional(),
  time: timestampField.optional(),
  /** Not checked: a trace that cannot be read counts as absent. */
  traceparent: z.string().optional(),
}

type Named = { subject?: string | undefined; data: { orderId: string } }

/** The same rule as on the queues. */
const isOfItsSubject = ({ subject, data }: Named): boolean =>
  subject === undefined || subject === data.orderId
const IS_OF_ANOTHER_SUBJECT = { path: ['subject'], error: 'is not the orderId of the data' }

const version1Schema = z
  .object({
    ...attributes,
    data: plainSchema.omit({ eventType: true }).extend({ timestamp: timestampField.optional() }),
  })
  .refine(isOfItsSubject, IS_OF_ANOTHER_SUBJECT)

/** Lines without their prices: those come from the catalogue. */
const version2Schema = z
  .object({
    ...attributes,
    data: z.object({
      ...orderPlacedSchema.shape,
      orderId: externalOrderIdField,
      items: line,
      client: z
        .unknown()
        .optional()
        .meta({ description: 'Ignored: the order is of the client whose key it is.' }),
      customerId: labelField.optional(),
    }),
  })
  .refine(isOfItsSubject, IS_OF_ANOTHER_SUBJECT)

const faultsOf = (error: z.ZodError, at: Path): Fault[] =>
  error.issues.map(({ path, message }) => ({ path: jsonPointer([...at, ...path]), message }))

const broken = (errors: Fault[]) => refusal({ code: 'validation_failed' as const, errors })

const notAccepted = (at: Path, message: string) =>
  refusal({ code: 'event_not_accepted' as const, errors: [{ path: jsonPointer(at), message }] })

/** For documents: any of the shapes that are taken. */
export const externalEventSchema = z.union([
  plainSchema,
  z.object({
    specversion: z.literal('1.0'),
    type: z.literal('OrderPlaced'),
    schemaversion: z.literal(1).optional(),
    ...version1Schema.shape,
  }),
  z.object({
    specversion: z.literal('1.0'),
    type: z.literal('OrderPlaced'),
    schemaversion: z.literal(2).optional(),
    ...version2Schema.shape,
  }),
])
