import { Ajv, type ValidateFunction } from 'ajv'
import description from './openapi-part.json' with { type: 'json' }

/** The API version that the description is of. */
export const DESCRIBED_VERSION = description.info.version

type Schema = { [key: string]: unknown }
type Parameter = { name: string; in: string; schema: Schema; required?: boolean }
type Operation = {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: { 'application/x-www-form-urlencoded': { schema: Schema } } }
  responses: Record<string, { content: { 'application/json': { schema: Schema } } }>
}

export type DescribedOperation = {
  operationId: string
  /** The named parts of the path. */
  params: Record<string, string>
  /** All faults of the request: none where it is as described. Converts texts to the types of the description. */
  faultsOf(request: { query: Schema; body: Schema }): string[]
  faultsOfResponse(status: number, body: unknown): string[]
}

const ajv = new Ajv({ strict: false, coerceTypes: true, allErrors: true })
const exactly = new Ajv({ strict: false, allErrors: true })

/** OpenAPI 3.0 → JSON Schema: what is nullable may be null, and references stand for what they name. */
const jsonSchema = (schema: unknown): unknown => {
  if (Array.isArray(schema)) return schema.map(jsonSchema)
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable, format: _format, ...rest } = schema as Schema
  const converted = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, jsonSchema(value)]))
  return nullable === true ? { anyOf: [{ type: 'null' }, converted] } : converted
}

const components = { schemas: jsonSchema(description.components.schemas) as Schema }

const compile = (validator: Ajv, schema: Schema): ValidateFunction =>
  validator.compile({ ...(jsonSchema(schema) as Schema), components })

const faults = (validate: ValidateFunction, value: unknown): string[] =>
  validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)

const OPERATIONS = Object.entries(description.paths).flatMap(([path, methods]) =>
  Object.entries(methods as unknown as Record<string, Operation>).map(([method, operation]) => {
    const pattern = new RegExp(`^${path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`)
    const query = (operation.parameters ?? []).filter((each) => each.in === 'query')
    const form = operation.requestBody?.content['application/x-www-form-urlencoded'].schema ?? {}
    const validateQuery = compile(ajv, {
      type: 'object',
      properties: Object.fromEntries(query.map(({ name, schema }) => [name, schema])),
      additionalProperties: false,
    })
    const validateBody = compile(ajv, form)
    const validateResponse = new Map(
      Object.entries(operation.responses).map(([status, { content }]) => [
        status,
        compile(exactly, content['application/json'].schema),
      ]),
    )
    return { method, pattern, operation, validateQuery, validateBody, validateResponse }
  }),
)

export const DESCRIBED_OPERATIONS = OPERATIONS.map(({ operation }) => operation.operationId)

/** The described operation of a request. Undefined where the description has none. */
export const operationOf = (method: string, path: string): DescribedOperation | undefined => {
  for (const { pattern, operation, validateQuery, validateBody, validateResponse, ...each } of OPERATIONS) {
    const match = each.method === method.toLowerCase() ? pattern.exec(path) : null
    if (match === null) continue
    return {
      operationId: operation.operationId,
      params: { ...match.groups },
      faultsOf: ({ query, body }) => [...faults(validateQuery, query), ...faults(validateBody, body)],
      faultsOfResponse: (status, body) => {
        const validate = validateResponse.get(String(status)) ?? validateResponse.get('default')
        return validate === undefined ? [`no response ${status} is described`] : faults(validate, body)
      },
    }
  }
  return undefined
}

/** `a[b]=1&c[0]=2` → `{ a: { b: '1' }, c: ['2'] }`, as Stripe reads forms and queries. */
export const parseForm = (text: string): Schema => {
  const root: Schema = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const keys = [...name.matchAll(/[^[\]]+/g)].map(([key]) => key)
    let place = root
    for (const key of keys.slice(0, -1)) {
      place[key] ??= {}
      place = place[key] as Schema
    }
    place[keys.at(-1) ?? ''] = value
  }
  return withLists(root) as Schema
}

const withLists = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, withLists(inner)] as const)
  return entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))
    ? entries.map(([, inner]) => inner)
    : Object.fromEntries(entries)
}
