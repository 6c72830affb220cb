import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { openApiDocument } from '../../../src/documents/openapi.ts'
import { createChance } from '../../crash/chance.ts'
import { readDocument } from '../../fuzz/document.ts'
import { mutated } from '../../fuzz/mutations.ts'
import { createSamples } from '../../fuzz/samples.ts'

const document = readDocument(JSON.parse(JSON.stringify(openApiDocument())))
const ajv = new Ajv2020({ strict: false, validateSchema: false })
addFormats.default(ajv)

const BODIES = document.calls.flatMap(({ id, body }) =>
  body.map(({ mediaType, schema }) => ({ what: `${id}, ${mediaType}`, schema: document.resolve(schema) })),
)

describe('a value that the fuzzer makes from a schema', () => {
  it.each(BODIES)('is what the schema allows: $what', ({ schema }) => {
    const validate = ajv.compile(schema)
    const samples = createSamples(document, 1)
    const chance = createChance(1, 'samples')
    const values = Array.from({ length: 50 }, () => samples.pick(schema, chance))
    expect(values.filter((value) => !validate(value))).toEqual([])
  })

  it('is mostly another value once it is mutated', () => {
    const chance = createChance(1, 'mutations')
    const order = { items: [{ productId: 'P001', quantity: 1 }], currency: 'USD' }
    const texts = Array.from({ length: 100 }, () => JSON.stringify(mutated(order, chance)))
    expect(texts.filter((text) => text !== JSON.stringify(order)).length).toBeGreaterThan(90)
  })
})
