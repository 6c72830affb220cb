// Compares two versions of our OpenAPI and AsyncAPI documents: what of the newer one would break a client or a consumer.
import { compareSchemas, resolve, within } from './compare-schemas.mjs'

/** @typedef {import('./compare-schemas.mjs').Documents} Documents */
/** @typedef {Record<string, any>} Part */

/** @type {(before: Part, after: Part) => string[]} */
export const compareOpenApi = (before, after) =>
  Object.entries(before.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) =>
      within(
        `${method.toUpperCase()} ${path}`,
        compareOperation(operation, after.paths[path]?.[method], { before, after }),
      ),
    ),
  )

/** @type {(old: Part, now: Part | undefined, documents: Documents) => string[]} */
const compareOperation = (old, now, documents) => {
  if (now === undefined) return [': the call is gone']
  return [
    ...(old.operationId === now.operationId ? [] : [`: its operationId was ${old.operationId}`]),
    ...compareSecurity(old.security ?? [], now.security ?? []),
    ...compareParameters(old.parameters ?? [], now.parameters ?? [], documents),
    ...within(', request body', compareBody(old.requestBody, now.requestBody, documents)),
    ...Object.entries(old.responses).flatMap(([status, response]) =>
      within(`, answer ${status}`, compareResponse(response, now.responses[status], documents)),
    ),
  ]
}

/** @type {(old: Part[], now: Part[]) => string[]} */
const compareSecurity = (old, now) => {
  const ways = now.map((way) => JSON.stringify(way))
  const lost = old.filter((way) => !ways.includes(JSON.stringify(way)))
  const isClosed = old.length === 0 && now.length > 0
  return [
    ...(isClosed ? [': it was open, and needs a key'] : []),
    ...(now.length === 0 ? [] : lost.map((way) => `: ${JSON.stringify(way)} does not let in any more`)),
  ]
}

/** @type {(old: Part[], now: Part[], documents: Documents) => string[]} */
const compareParameters = (old, now, documents) => {
  const before = parametersOf(old, documents.before)
  const after = parametersOf(now, documents.after)
  return [
    ...Object.entries(before).flatMap(([name, parameter]) =>
      within(`, ${name}`, compareParameter(parameter, after[name], documents)),
    ),
    ...Object.entries(after)
      .filter(([name, parameter]) => parameter.required && !(name in before))
      .map(([name]) => `, ${name}: new, and required`),
  ]
}

/** @type {(parameters: Part[], document: Part) => Record<string, Part>} */
const parametersOf = (parameters, document) =>
  Object.fromEntries(
    parameters
      .map((parameter) => followed(parameter, document))
      .map((parameter) => [`${parameter.in} ${parameter.name}`, parameter]),
  )

/** @type {(old: Part, now: Part | undefined, documents: Documents) => string[]} */
const compareParameter = (old, now, documents) => {
  if (now === undefined) return [': it is not taken any more']
  const isNewlyRequired = now.required && !old.required
  return [
    ...(isNewlyRequired ? [': newly required'] : []),
    ...compareSchemas(old.schema, now.schema, { use: 'request', documents }),
  ]
}

/** @type {(old: Part | undefined, now: Part | undefined, documents: Documents) => string[]} */
const compareBody = (old, now, documents) => {
  const isNewlyRequired = now?.required && !old?.required
  const contents = Object.entries(old?.content ?? {})
  return [
    ...(isNewlyRequired ? [': newly required'] : []),
    ...contents.flatMap(([type, { schema }]) => {
      const after = now?.content?.[type]
      if (after === undefined) return [`: ${type} is not taken any more`]
      return compareSchemas(schema, after.schema, { use: 'request', documents })
    }),
  ]
}

/** @type {(old: Part, now: Part | undefined, documents: Documents) => string[]} */
const compareResponse = (old, now, documents) => {
  if (now === undefined) return [': it is never given any more']
  const [before, after] = [followed(old, documents.before), followed(now, documents.after)]
  const headers = Object.keys(before.headers ?? {}).filter((name) => !(name in (after.headers ?? {})))
  return [
    ...headers.map((name) => `: without the header ${name}`),
    ...Object.entries(before.content ?? {}).flatMap(([type, { schema }]) => {
      const content = after.content?.[type]
      if (content === undefined) return [`: never ${type} any more`]
      return compareSchemas(schema, content.schema, { use: 'response', documents })
    }),
  ]
}

/** @type {(part: Part, document: Part) => Part} */
const followed = (part, document) => (part.$ref === undefined ? part : resolve(part.$ref, document))

/** @type {(before: Part, after: Part) => string[]} */
export const compareAsyncApi = (before, after) => [
  ...Object.entries(before.components.messages).flatMap(([name, message]) =>
    within(name, compareMessage(message, after.components.messages[name], { before, after })),
  ),
  ...Object.entries(before.channels).flatMap(([name, channel]) =>
    within(name, compareChannel(channel, after.channels[name])),
  ),
]

/** @type {(old: Part, now: Part | undefined, documents: Documents) => string[]} */
const compareMessage = (old, now, documents) =>
  now === undefined
    ? [': nobody can read this version any more']
    : compareSchemas(old.payload, now.payload, { use: 'event', documents })

/** @type {(old: Part, now: Part | undefined) => string[]} */
const compareChannel = (old, now) => {
  if (now === undefined) return [': the channel is gone']
  return [
    ...(old.address === now.address ? [] : [`: its address was ${old.address}`]),
    ...Object.keys(old.messages)
      .filter((name) => !(name in now.messages))
      .map((name) => `: ${name} does not come here any more`),
  ]
}
