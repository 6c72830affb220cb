// Compares two versions of our OpenAPI document, and lists the changes that break a client.
import { z } from 'zod'
import { compareSchemas, type Documents, within } from './compare-schemas.ts'
import { type Document, jsonSchema, resolve } from './json-schema.ts'

const reference = z.object({ $ref: z.string() })

const content = z.record(z.string(), z.object({ schema: jsonSchema.optional() }))

const parameter = z.object({
  in: z.string(),
  name: z.string(),
  required: z.boolean().optional(),
  schema: jsonSchema.optional(),
})

const response = z.object({
  headers: z.record(z.string(), z.unknown()).optional(),
  content: content.optional(),
})

const body = z.object({ required: z.boolean().optional(), content: content.optional() })

const operation = z.object({
  operationId: z.string().optional(),
  security: z.array(z.unknown()).default([]),
  parameters: z.array(z.unknown()).default([]),
  requestBody: body.optional(),
  responses: z.record(z.string(), z.unknown()),
})

type Operation = z.infer<typeof operation>
type Parameter = z.infer<typeof parameter>

const openApi = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) })

export const compareOpenApi = (before: Document, after: Document): string[] => {
  const [old, now] = [openApi.parse(before).paths, openApi.parse(after).paths]
  return Object.entries(old).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, call]) =>
      within(
        `${method.toUpperCase()} ${path}`,
        compareOperation(call, now[path]?.[method], { before, after }),
      ),
    ),
  )
}

const compareOperation = (old: Operation, now: Operation | undefined, documents: Documents): string[] => {
  if (now === undefined) return [': the call is removed']
  return [
    ...(old.operationId === now.operationId ? [] : [`: its operationId was ${old.operationId}`]),
    ...compareSecurity(old.security, now.security),
    ...compareParameters(old.parameters, now.parameters, documents),
    ...within(', request body', compareBody(old.requestBody, now.requestBody, documents)),
    ...Object.entries(old.responses).flatMap(([status, part]) =>
      within(`, response ${status}`, compareResponse(part, now.responses[status], documents)),
    ),
  ]
}

const compareSecurity = (old: unknown[], now: unknown[]): string[] => {
  const accepted = now.map((way) => JSON.stringify(way))
  const lost = old.map((way) => JSON.stringify(way)).filter((way) => !accepted.includes(way))
  const isClosed = old.length === 0 && now.length > 0
  return [
    ...(isClosed ? [': it was open, and needs a key now'] : []),
    ...(now.length === 0 ? [] : lost.map((way) => `: ${way} is no longer accepted`)),
  ]
}

const compareParameters = (old: unknown[], now: unknown[], documents: Documents): string[] => {
  const before = parametersOf(old, documents.before)
  const after = parametersOf(now, documents.after)
  return [
    ...[...before].flatMap(([name, each]) =>
      within(`, ${name}`, compareParameter(each, after.get(name), documents)),
    ),
    ...[...after]
      .filter(([name, { required }]) => required && !before.has(name))
      .map(([name]) => `, ${name}: new, and required`),
  ]
}

const parametersOf = (parts: unknown[], document: Document): Map<string, Parameter> =>
  new Map(
    parts
      .map((part) => parameter.parse(followed(part, document)))
      .map((each) => [`${each.in} ${each.name}`, each]),
  )

const compareParameter = (old: Parameter, now: Parameter | undefined, documents: Documents): string[] => {
  if (now === undefined) return [': the parameter is removed']
  return [
    ...(now.required && !old.required ? [': newly required'] : []),
    ...compareSchemas(old.schema, now.schema, { use: 'request', documents }),
  ]
}

type Body = z.infer<typeof body> | undefined

const compareBody = (old: Body, now: Body, documents: Documents): string[] => [
  ...(now?.required && !old?.required ? [': newly required'] : []),
  ...Object.entries(old?.content ?? {}).flatMap(([type, { schema }]) => {
    const after = now?.content?.[type]
    if (after === undefined) return [`: ${type} is no longer accepted`]
    return compareSchemas(schema, after.schema, { use: 'request', documents })
  }),
]

const compareResponse = (old: unknown, now: unknown, documents: Documents): string[] => {
  if (now === undefined) return [': the response is removed']
  const before = response.parse(followed(old, documents.before))
  const after = response.parse(followed(now, documents.after))
  const headers = Object.keys(before.headers ?? {}).filter((name) => !(name in (after.headers ?? {})))
  return [
    ...headers.map((name) => `: the header ${name} is removed`),
    ...Object.entries(before.content ?? {}).flatMap(([type, { schema }]) => {
      const part = after.content?.[type]
      if (part === undefined) return [`: ${type} is removed`]
      return compareSchemas(schema, part.schema, { use: 'response', documents })
    }),
  ]
}

const followed = (part: unknown, document: Document): unknown => {
  const { success, data } = reference.safeParse(part)
  return success ? resolve(data.$ref, document) : part
}
