import { z } from 'zod'

/** The part of a JSON Schema from which values are made. `resolve` follows its references. */
export type Schema = { [keyword: string]: unknown }

const schemaSchema = z.record(z.string(), z.unknown())
const contentSchema = z.record(z.string(), z.object({ schema: schemaSchema }))
const parameterSchema = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().default(false),
  schema: schemaSchema,
})
const responseSchema = z.object({ content: contentSchema.optional() })
const referenceSchema = z.object({ $ref: z.string() })
const operationSchema = z.object({
  operationId: z.string(),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(z.union([referenceSchema, parameterSchema])).default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.union([referenceSchema, responseSchema])),
})
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
})

type Parameter = z.infer<typeof parameterSchema>

/** One documented call, and where in the document its responses are described. */
export type DocumentedCall = {
  id: string
  method: string
  path: string
  isOpen: boolean
  scope: string | undefined
  parameters: Parameter[]
  body: { mediaType: string; schema: Schema }[]
  /** status → media type → JSON pointer of the response's schema. */
  responses: Map<number, Map<string, string>>
}

/** The calls that `/openapi.json` describes. */
export const readDocument = (json: unknown) => {
  const document = documentSchema.parse(json)
  const resolve = (schema: Schema): Schema =>
    typeof schema['$ref'] === 'string' ? schemaSchema.parse(at(document, schema['$ref'])) : schema
  const parameterOf = (parameter: Parameter | { $ref: string }): Parameter =>
    '$ref' in parameter ? parameterSchema.parse(at(document, parameter.$ref)) : parameter
  const responsesOf = (responses: z.infer<typeof operationSchema>['responses'], pointer: string) =>
    new Map(
      Object.entries(responses).map(([status, response]) => {
        const [where, found] =
          '$ref' in response
            ? [response.$ref, responseSchema.parse(at(document, response.$ref))]
            : [`${pointer}/responses/${status}`, response]
        const media = Object.keys(found.content ?? {})
        return [
          Number(status),
          new Map(media.map((type) => [type, `${where}/content/${escaped(type)}/schema`])),
        ]
      }),
    )
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, call]): DocumentedCall => ({
        id: call.operationId,
        method: method.toUpperCase(),
        path,
        isOpen: call.security.length === 0,
        scope: call.security.flatMap((scheme) => scheme['apiKey'] ?? [])[0],
        parameters: call.parameters.map(parameterOf),
        body: Object.entries(call.requestBody?.content ?? {}).map(([mediaType, { schema }]) => ({
          mediaType,
          schema,
        })),
        responses: responsesOf(call.responses, `#/paths/${escaped(path)}/${method}`),
      }),
    ),
  )
  return { json: document, calls, resolve }
}

export type Document = ReturnType<typeof readDocument>

/** The call of a request. A literal segment goes before a parameter. */
export const callOf = (
  calls: readonly DocumentedCall[],
  method: string,
  address: string,
): DocumentedCall | undefined => {
  const { pathname } = new URL(address, 'http://localhost')
  return calls
    .filter((call) => call.method === (method === 'HEAD' ? 'GET' : method) && isAt(call.path, pathname))
    .toSorted((left, right) => left.path.split('{').length - right.path.split('{').length)[0]
}

const isAt = (template: string, pathname: string): boolean => {
  const [wanted, given] = [template.split('/'), pathname.split('/')]
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith('{') ? given[index] !== '' : part === given[index]))
  )
}

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

const at = (document: unknown, reference: string): unknown =>
  reference
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => schemaSchema.parse(value)[part], document)
