import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { compiledData, compiledEnvelope } from '../../src/contracts/compiled-schemas.ts'
import { type Envelope, envelopeSchema } from '../../src/contracts/envelope.ts'
import { EVENTS, type EventType } from '../../src/contracts/events.ts'
import { parseEvent } from '../../src/contracts/parse-event.ts'
import { mutantsOf } from '../support/mutated-values.ts'

const FOLDER = join(import.meta.dirname, '../contract/fixtures')
const TYPES = Object.keys(EVENTS) as EventType[]

/** One event of each version of the type that was ever published, as it is read today. */
const eventsOf = (type: EventType): Envelope[] =>
  readdirSync(join(FOLDER, type)).map((file) => {
    const parsed = parseEvent(JSON.parse(readFileSync(join(FOLDER, type, file), 'utf8')), 'USD')
    if (!parsed.ok) throw new Error(parsed.reason.detail)
    return parsed.value
  })

/** What a schema makes of a value: the same value or the same errors, in the same order. */
const resultOf = (schema: z.ZodType, value: unknown): string => {
  const { success, data, error } = schema.safeParse(value)
  return JSON.stringify(success ? { data } : { issues: error.issues })
}

const isTheSame = (compiled: z.ZodType, schema: z.ZodType, values: readonly object[], numRuns: number) => {
  for (const value of values) expect(resultOf(compiled, value)).toBe(JSON.stringify({ data: value }))
  const property = fc.property(fc.oneof(mutantsOf(values), fc.jsonValue()), (value) => {
    expect(resultOf(compiled, value)).toBe(resultOf(schema, value))
  })
  fc.assert(property, { numRuns })
}

describe('a compiled schema does what its schema does, word for word', () => {
  it('for the envelope', () => {
    isTheSame(compiledEnvelope, envelopeSchema, TYPES.flatMap(eventsOf), 2_000)
  })

  it.each(TYPES)('for the data of %s', (type) => {
    const values = eventsOf(type).map(({ data }) => data as object)
    isTheSame(compiledData[type], EVENTS[type].data, values, 500)
  })
})

it('is compiled: zod falls back to the schema without a word where it cannot', () => {
  const compile = (schema: z.ZodType) => () => z.compile(schema, { strict: true })
  for (const schema of [envelopeSchema, ...TYPES.map((type) => EVENTS[type].data)]) {
    expect(compile(schema)).not.toThrow()
  }
})
