import fc, { type Arbitrary } from 'fast-check'
import type { Schema } from './document.ts'

/** Longer than any schema needs. Longer texts come from the mutations. */
const LENGTH_MAX = 12
const ITEMS_MAX = 4
const NUMBER_MAX = 1_000_000

type Context = {
  resolve(schema: Schema): Schema
  /** By property name: values that mean something to the system, where a schema knows only their shape. */
  hints: Readonly<Record<string, Arbitrary<unknown>>>
}

/** Values that a JSON Schema allows, for the keywords that the document uses. An unknown keyword throws. */
export const arbitraryOf = (given: Schema, context: Context): Arbitrary<unknown> => {
  const schema = context.resolve(given)
  if ('const' in schema) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...schema['enum'])
  const variants = schema['anyOf'] ?? schema['oneOf']
  if (isSchemas(variants)) return fc.oneof(...variants.map((variant) => arbitraryOf(variant, context)))
  const { type } = schema
  if (Array.isArray(type)) {
    return fc.oneof(...type.map((each: unknown) => arbitraryOf({ ...schema, type: each }, context)))
  }
  switch (type) {
    case 'object':
      return objectsOf(schema, context)
    case 'array':
      return arraysOf(schema, context)
    case 'string':
      return stringsOf(schema)
    case 'integer':
      return integersOf(schema)
    case 'number':
      return numbersOf(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case undefined:
      return fc.jsonValue({ maxDepth: 2 })
    default:
      throw new Error(`The fuzzer knows no values for ${JSON.stringify(schema)}: add them to arbitraryOf.`)
  }
}

const objectsOf = (schema: Schema, context: Context): Arbitrary<unknown> => {
  const properties = Object.entries(isSchema(schema['properties']) ? schema['properties'] : {})
  const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
  const members = properties.map(([name, property]) => {
    const values = context.hints[name] ?? arbitraryOf(isSchema(property) ? property : {}, context)
    return [name, required.has(name) ? values : fc.option(values, { nil: undefined })] as const
  })
  const known = fc.record(Object.fromEntries(members))
  const others = schema['additionalProperties']
  if (!isSchema(others) || properties.length > 0) return known
  return fc.dictionary(fc.string({ minLength: 1, maxLength: LENGTH_MAX }), arbitraryOf(others, context), {
    maxKeys: ITEMS_MAX,
  })
}

const arraysOf = (schema: Schema, context: Context): Arbitrary<unknown> =>
  fc.array(arbitraryOf(isSchema(schema['items']) ? schema['items'] : {}, context), {
    minLength: numberOf(schema['minItems'], 0),
    maxLength: Math.min(numberOf(schema['maxItems'], ITEMS_MAX), ITEMS_MAX),
  })

const stringsOf = (schema: Schema): Arbitrary<string> => {
  if (schema['format'] === 'date-time') {
    return fc
      .date({ min: new Date(0), max: new Date('2099-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString())
  }
  if (typeof schema['pattern'] === 'string') return textsMatching(new RegExp(schema['pattern']))
  const all = isSchemas(schema['allOf']) ? schema['allOf'] : []
  const patterns = all.flatMap(({ pattern }) => (typeof pattern === 'string' ? [new RegExp(pattern)] : []))
  const [first, ...rest] = patterns
  if (first !== undefined) {
    return fc.stringMatching(first).filter((text) => rest.every((pattern) => pattern.test(text)))
  }
  const minLength = numberOf(schema['minLength'], 0)
  const maxLength = Math.min(numberOf(schema['maxLength'], LENGTH_MAX), Math.max(minLength, LENGTH_MAX))
  return fc.string({ minLength, maxLength, unit: 'grapheme' })
}

/** fast-check knows no lookahead: what a pattern looks ahead for is checked afterwards. */
const textsMatching = (pattern: RegExp): Arbitrary<string> =>
  fc
    .stringMatching(new RegExp(pattern.source.replaceAll(/\(\?[!=][^()]*\)/g, '')))
    .filter((text) => pattern.test(text))

const integersOf = (schema: Schema): Arbitrary<number> => {
  const integers = fc.integer({
    min: numberOf(schema['minimum'], -NUMBER_MAX),
    max: numberOf(schema['maximum'], NUMBER_MAX),
  })
  return isSchema(schema['not']) ? integers.filter((value) => value !== 0) : integers
}

/** With two decimals at most, as most currencies have them. */
const numbersOf = (schema: Schema): Arbitrary<number> => {
  const min = numberOf(schema['minimum'], -NUMBER_MAX)
  const above = numberOf(schema['exclusiveMinimum'], -NUMBER_MAX)
  return fc
    .integer({
      min: Math.max(Math.ceil(min * 100), Math.floor(above * 100) + 1),
      max: Math.floor(numberOf(schema['maximum'], NUMBER_MAX) * 100),
    })
    .map((hundredths) => hundredths / 100)
}

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSchemas = (value: unknown): value is Schema[] => Array.isArray(value) && value.every(isSchema)
