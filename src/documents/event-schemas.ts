import { z } from 'zod'
import { envelopeSchema } from '../contracts/envelope.ts'
import { EVENTS, type EventType } from '../contracts/events.ts'
import { plainEventExample } from '../contracts/examples/events.ts'
import { orderPlacedVersion1Schema } from '../contracts/order-events.ts'
import { eventExample, eventSummary } from './published-event-examples.ts'

/** One version of an event, with the form of a whole message. */
export type EventVersion = {
  type: EventType
  version: number
  summary: string
  schema: z.ZodType
  example: object
}

/** Every version of every event that was ever published, newest first. */
export const eventVersions = (): EventVersion[] => [
  ...TYPES.map(currentVersion),
  {
    type: 'OrderPlaced',
    version: 1,
    summary: 'An order from an older producer: plain JSON without envelope, currency and prices.',
    schema: orderPlacedVersion1Schema,
    example: plainEventExample,
  },
]

const TYPES = Object.keys(EVENTS) as EventType[]

const currentVersion = (type: EventType): EventVersion => {
  const { version, data } = EVENTS[type]
  return {
    type,
    version,
    summary: eventSummary(type),
    schema: envelopeSchema.extend({
      type: z.literal(type),
      schemaversion: z.literal(version),
      data,
    }),
    example: eventExample(type),
  }
}

/**
 * JSON Schema of what a reader must take: fields that have a default may be absent, and unknown ones may be there.
 * AsyncAPI knows draft 7 alone.
 */
export const messageSchema = (
  { type, version, summary, schema, example }: EventVersion,
  target: 'draft-2020-12' | 'draft-7',
) => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { target, io: 'input', override: plainly })
  return { $schema, title: `${type}, version ${version}`, description: summary, ...rest, examples: [example] }
}

/** Leaves out what adds nothing: a pattern beside the format, a bound that any JSON number has. */
const plainly = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
}

/** The document of one event's version, or undefined for a version that does not exist. */
export const eventSchemaDocument = (type: string, version: string) => {
  const found = eventVersions().find((each) => each.type === type && String(each.version) === version)
  return found && { $id: `/schemas/${type}/${version}.json`, ...messageSchema(found, 'draft-2020-12') }
}
