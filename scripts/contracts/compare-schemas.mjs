// Compares two JSON Schemas: what of the newer one would break somebody who was built for the older one.

/**
 * Who is bound by the schema. A `request` is sent by those who know the old schema, a `response` is read by them. An
 * `event` is both: old messages meet new consumers, and new messages old ones.
 * @typedef {'request' | 'response' | 'event'} Use
 *
 * @typedef {Record<string, any>} Schema
 * @typedef {{ before: Schema, after: Schema }} Documents where references lead
 * @typedef {{ use: Use, documents: Documents, seen?: readonly string[] }} Context
 */

/**
 * @param {Schema | undefined} before
 * @param {Schema | undefined} after
 * @param {Context} context
 * @returns {string[]} what breaks, each with the place in the schema
 */
export const compareSchemas = (before = {}, after = {}, { use, documents, seen = [] }) => {
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

/** @type {(schema: Schema) => boolean} */
const isAny = (schema) => Object.keys(schema).length === 0

/**
 * A reference followed, and what `allOf` adds taken together.
 * @param {Schema} schema
 * @param {Schema} document
 * @returns {Schema}
 */
const flat = (schema, document) => {
  const { $ref, allOf = [], ...own } = schema
  const parts = [...($ref === undefined ? [] : [resolve($ref, document)]), ...allOf].map((part) =>
    flat(part, document),
  )
  const all = [...parts, own]
  return {
    ...Object.assign({}, ...all),
    properties: Object.assign({}, ...all.map(({ properties }) => properties)),
    required: all.flatMap(({ required = [] }) => required),
  }
}

/**
 * @param {string} reference such as `#/components/schemas/Order`
 * @param {Schema} document
 */
export const resolve = (reference, document) =>
  reference
    .slice(2)
    .split('/')
    .reduce((value, step) => value?.[step.replaceAll('~1', '/').replaceAll('~0', '~')], document) ?? {}

/** @type {(old: Schema, now: Schema, use: Use) => string[]} */
const compareTypes = (old, now, use) => {
  const [before, after] = [typesOf(old), typesOf(now)]
  const isNarrower = !isEvery(before, after)
  const isWider = !isEvery(after, before)
  const breaks = (use !== 'response' && isNarrower) || (use !== 'request' && isWider)
  return breaks ? [`: the type was ${before.join(' or ')} and is ${after.join(' or ')}`] : []
}

const ANY = ['null', 'boolean', 'object', 'array', 'number', 'string']

/** @type {(schema: Schema) => string[]} */
const typesOf = ({ type, const: constant, enum: values }) => {
  if (type !== undefined) return [type].flat()
  if (constant === undefined && values === undefined) return ANY
  return [...new Set((values ?? [constant]).map((/** @type {unknown} */ value) => typeof value))]
}

/** @type {(some: string[], all: string[]) => boolean} */
const isEvery = (some, all) =>
  some.every((type) => all.includes(type) || (type === 'integer' && all.includes('number')))

/**
 * New values in answers are no break: readers are told that they may come.
 * @type {(old: Schema, now: Schema, use: Use) => string[]}
 */
const compareValues = (old, now, use) => {
  if (use === 'response') return []
  const [before, after] = [valuesOf(old), valuesOf(now)]
  const gone =
    after === undefined ? [] : (before ?? ['any other value']).filter((value) => !after.includes(value))
  const added =
    use === 'request' || before === undefined
      ? []
      : (after ?? ['any other value']).filter((value) => !before.includes(value))
  return [
    ...gone.map((value) => `: ${value} is not allowed any more`),
    ...added.map((value) => `: ${value} is new, and old readers refuse it`),
  ]
}

/** @type {(schema: Schema) => string[] | undefined} */
const valuesOf = ({ const: constant, enum: values }) =>
  constant === undefined ? values?.map(String) : [String(constant)]

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']
const FORMS = ['pattern', 'format', 'not', 'propertyNames']

/** @type {(old: Schema, now: Schema, use: Use) => string[]} */
const compareBounds = (old, now, use) =>
  [...LOWER, ...UPPER, ...FORMS]
    .filter((bound) => JSON.stringify(old[bound]) !== JSON.stringify(now[bound]))
    .filter((bound) => use === 'event' || (use === 'request' && isNarrower(bound, old[bound], now[bound])))
    .map((bound) => `: ${bound} was ${said(old[bound])} and is ${said(now[bound])}`)

/** @type {(bound: string, before: any, after: any) => boolean} */
const isNarrower = (bound, before, after) => {
  if (after === undefined) return false
  if (before === undefined || FORMS.includes(bound)) return true
  return LOWER.includes(bound) ? after > before : after < before
}

/** @type {(bound: unknown) => string} */
const said = (bound) => (bound === undefined ? 'absent' : JSON.stringify(bound))

/** @type {(old: Schema, now: Schema, context: Context) => string[]} */
const compareProperties = (old, now, context) => {
  const { use } = context
  const [before, after] = [old.properties ?? {}, now.properties ?? {}]
  const shared = Object.keys(before).filter((name) => name in after)
  const gone = Object.keys(before).filter((name) => !(name in after))
  const [needed, needs] = [old.required ?? [], now.required ?? []]
  const isClosed = now.additionalProperties === false && old.additionalProperties !== false
  return [
    ...gone.map((name) => `/${name}: removed`),
    ...(use === 'response' ? [] : difference(needs, needed).map((name) => `/${name}: newly required`)),
    ...(use === 'request'
      ? []
      : difference(needed, needs)
          .filter((name) => !gone.includes(name))
          .map((name) => `/${name}: no longer always there`)),
    ...(use !== 'response' && isClosed ? [': unknown fields are refused now'] : []),
    ...shared.flatMap((name) => within(`/${name}`, compareSchemas(before[name], after[name], context))),
    ...within('/{name}', compareSchemas(openPart(old), openPart(now), context)),
  ]
}

/** @type {(schema: Schema) => Schema} */
const openPart = ({ additionalProperties }) =>
  typeof additionalProperties === 'object' ? additionalProperties : {}

/** @type {(some: string[], others: string[]) => string[]} */
const difference = (some, others) => [...new Set(some)].filter((name) => !others.includes(name))

/** @type {(old: Schema, now: Schema, context: Context) => string[]} */
const compareAlternatives = (old, now, context) => {
  const [before, after] = [alternativesOf(old), alternativesOf(now)]
  if (before.length > after.length && context.use !== 'response') return [': an alternative is gone']
  if (before.length < after.length && context.use !== 'request') return [': an alternative is new']
  const shared = before.slice(0, after.length)
  return shared.flatMap((schema, index) => compareSchemas(schema, after[index], context))
}

/** @type {(schema: Schema) => Schema[]} */
const alternativesOf = ({ anyOf, oneOf }) => anyOf ?? oneOf ?? []

/** @type {(place: string, found: string[]) => string[]} */
export const within = (place, found) => found.map((each) => `${place}${each}`)
