// Compares two versions of a JSON Schema, and lists the changes that break a program built for the older version.
import { type Document, flat, type Schema } from './json-schema.ts'

/**
 * Which programs depend on the schema. The senders of a `request` know the old schema, and so do the readers of a
 * `response`. An `event` has both: new consumers read old messages, and old consumers read new ones.
 */
export type Use = 'request' | 'response' | 'event'

/** The two documents in which the references of the two schemas lead. */
export type Documents = { before: Document; after: Document }

type Context = { use: Use; documents: Documents; seen?: readonly string[] }

/** The breaking changes, each with its place in the schema. `seen` ends the comparison of a schema with itself inside. */
export const compareSchemas = (
  before: Schema = {},
  after: Schema = {},
  { use, documents, seen = [] }: Context,
): string[] => {
  const pair = `${before.$ref} ${after.$ref}`
  if ((before.$ref !== undefined && seen.includes(pair)) || (isAny(before) && isAny(after))) return []
  const context = { use, documents, seen: [...seen, pair] }
  const [old, now] = [flat(before, documents.before), flat(after, documents.after)]
  return [
    ...compareTypes(old, now, use),
    ...compareValues(old, now, use),
    ...compareBounds(old, now, use),
    ...compareProperties(old, now, context),
    ...compareAlternatives(old, now, context),
    ...within('/*', compareSchemas(old.items, now.items, context)),
  ]
}

const isAny = (schema: Schema): boolean => Object.keys(schema).length === 0

const compareTypes = (old: Schema, now: Schema, use: Use): string[] => {
  const [before, after] = [typesOf(old), typesOf(now)]
  const isNarrower = !isEvery(before, after)
  const isWider = !isEvery(after, before)
  const breaks = (use !== 'response' && isNarrower) || (use !== 'request' && isWider)
  return breaks ? [`: the type was ${before.join(' or ')} and is ${after.join(' or ')}`] : []
}

const ANY_TYPE = ['null', 'boolean', 'object', 'array', 'number', 'string']

const typesOf = ({ type, const: constant, enum: values }: Schema): string[] => {
  if (type !== undefined) return [type].flat()
  if (constant === undefined && values === undefined) return ANY_TYPE
  return [...new Set((values ?? [constant]).map((value) => typeof value))]
}

const isEvery = (some: string[], all: string[]): boolean =>
  some.every((type) => all.includes(type) || (type === 'integer' && all.includes('number')))

/** New values in a response break no client: the documentation announces that they may come. */
const compareValues = (old: Schema, now: Schema, use: Use): string[] => {
  if (use === 'response') return []
  const [before, after] = [valuesOf(old), valuesOf(now)]
  const removed = after === undefined ? [] : without(before ?? ANY_VALUE, after)
  const added = use === 'request' || before === undefined ? [] : without(after ?? ANY_VALUE, before)
  return [
    ...removed.map((value) => `: ${value} is no longer allowed`),
    ...added.map((value) => `: ${value} is new, and old readers refuse it`),
  ]
}

const ANY_VALUE = ['any other value']

const valuesOf = ({ const: constant, enum: values }: Schema): string[] | undefined =>
  constant === undefined ? values?.map(String) : [String(constant)]

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']
const FORMS = ['pattern', 'format', 'not', 'propertyNames']

const compareBounds = (old: Schema, now: Schema, use: Use): string[] =>
  [...LOWER, ...UPPER, ...FORMS]
    .filter((bound) => JSON.stringify(old[bound]) !== JSON.stringify(now[bound]))
    .filter((bound) => use === 'event' || (use === 'request' && isNarrower(bound, old[bound], now[bound])))
    .map((bound) => `: ${bound} was ${printed(old[bound])} and is ${printed(now[bound])}`)

const isNarrower = (bound: string, before: unknown, after: unknown): boolean => {
  if (after === undefined) return false
  if (before === undefined || FORMS.includes(bound)) return true
  return LOWER.includes(bound) ? Number(after) > Number(before) : Number(after) < Number(before)
}

const printed = (bound: unknown): string => (bound === undefined ? 'absent' : JSON.stringify(bound))

const compareProperties = (old: Schema, now: Schema, context: Context): string[] => {
  const { use } = context
  const [before, after] = [old.properties ?? {}, now.properties ?? {}]
  const removed = without(Object.keys(before), Object.keys(after))
  const [required, requires] = [old.required ?? [], now.required ?? []]
  const newlyRequired = use === 'response' ? [] : without(requires, required)
  const newlyOptional = use === 'request' ? [] : without(without(required, requires), removed)
  const isClosed = now.additionalProperties === false && old.additionalProperties !== false
  return [
    ...removed.map((name) => `/${name}: removed`),
    ...newlyRequired.map((name) => `/${name}: newly required`),
    ...newlyOptional.map((name) => `/${name}: may be absent now`),
    ...(use !== 'response' && isClosed ? [': unknown fields are refused now'] : []),
    ...Object.keys(before)
      .filter((name) => name in after)
      .flatMap((name) => within(`/${name}`, compareSchemas(before[name], after[name], context))),
    ...within('/{name}', compareSchemas(additionalOf(old), additionalOf(now), context)),
  ]
}

/** The schema of the properties that have no schema of their own. */
const additionalOf = ({ additionalProperties }: Schema): Schema =>
  typeof additionalProperties === 'object' ? additionalProperties : {}

const without = (some: string[], others: string[]): string[] =>
  [...new Set(some)].filter((name) => !others.includes(name))

const compareAlternatives = (old: Schema, now: Schema, context: Context): string[] => {
  const [before, after] = [alternativesOf(old), alternativesOf(now)]
  if (before.length > after.length && context.use !== 'response') return [': an alternative is removed']
  if (before.length < after.length && context.use !== 'request') return [': an alternative is new']
  const shared = before.slice(0, after.length)
  return shared.flatMap((schema, index) => compareSchemas(schema, after[index], context))
}

const alternativesOf = ({ anyOf, oneOf }: Schema): Schema[] => anyOf ?? oneOf ?? []

/** Puts the place in front of each finding. */
export const within = (place: string, found: string[]): string[] => found.map((each) => `${place}${each}`)
