import { z } from 'zod'
import { envelopeSchema } from './envelope.ts'
import { EVENTS, type EventType } from './events.ts'

type DataSchema = (typeof EVENTS)[EventType]['data']

const compileAll = (): Record<EventType, DataSchema> => {
  // Events of one shape share their schema.
  const bySchema = new Map<DataSchema, DataSchema>()
  const compile = (schema: DataSchema): DataSchema => {
    const compiled = bySchema.get(schema) ?? z.compile(schema)
    bySchema.set(schema, compiled)
    return compiled
  }
  const entries = Object.entries(EVENTS).map(([type, { data }]) => [type, compile(data)])
  return Object.fromEntries(entries)
}

/**
 * The schemas of what comes over a queue, compiled while the module loads: later the platform lets no Worker generate
 * code. Where it lets none at all, the schemas stay interpreted. A compiled schema hands each value that it cannot accept
 * to the schema itself, so results and errors are the same.
 */
export const compiledEnvelope = z.compile(envelopeSchema)
export const compiledData = compileAll()
