// The parts of a JSON Schema that the comparison reads, and how to follow its references.
import { z } from 'zod'

/** Keywords that are not named here, such as `maximum`, are kept as they are. */
export type Schema = {
  $ref?: string | undefined
  type?: string | string[] | undefined
  const?: unknown
  enum?: unknown[] | undefined
  properties?: Record<string, Schema> | undefined
  required?: string[] | undefined
  additionalProperties?: boolean | Schema | undefined
  items?: Schema | undefined
  allOf?: Schema[] | undefined
  anyOf?: Schema[] | undefined
  oneOf?: Schema[] | undefined
  [keyword: string]: unknown
}

/** A whole OpenAPI or AsyncAPI document. References lead into it. */
export type Document = Record<string, unknown>

export const jsonSchema: z.ZodType<Schema> = z.lazy(() =>
  z.looseObject({
    $ref: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.union([z.boolean(), jsonSchema]).optional(),
    items: jsonSchema.optional(),
    allOf: z.array(jsonSchema).optional(),
    anyOf: z.array(jsonSchema).optional(),
    oneOf: z.array(jsonSchema).optional(),
  }),
)

/** Follows the reference of a schema, and merges what `allOf` adds. */
export const flat = (schema: Schema, document: Document): Schema => {
  const { $ref, allOf = [], ...own } = schema
  const referred = $ref === undefined ? [] : [jsonSchema.parse(resolve($ref, document))]
  const all: Schema[] = [...[...referred, ...allOf].map((part) => flat(part, document)), own]
  return {
    ...Object.assign({}, ...all),
    properties: Object.assign({}, ...all.map(({ properties }) => properties)),
    required: all.flatMap(({ required = [] }) => required),
  }
}

/** What a reference such as `#/components/schemas/Order` leads to; an empty object where it leads nowhere. */
export const resolve = (reference: string, document: Document): unknown =>
  reference
    .slice(2)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(childOf, document) ?? {}

const childOf = (node: unknown, name: string): unknown =>
  typeof node === 'object' && node !== null ? new Map(Object.entries(node)).get(name) : undefined
