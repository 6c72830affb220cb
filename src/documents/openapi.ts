import { OpenAPIHono } from '@hono/zod-openapi'
import { API } from '../contracts/http/api.ts'
import { REQUEST_HEADERS, RESPONSE_HEADERS, type RequestHeader } from '../contracts/http/headers.ts'
import {
  headerReferences,
  isIdempotent,
  isOpen,
  isOpenToReadTokens,
  namesOrder,
  type Operation,
} from '../contracts/http/operation.ts'
import { problemSchema } from '../contracts/http/problem.ts'
import { problemResponses, sharedProblemResponses } from './openapi-problems.ts'
import { documentedWebhooks, WEBHOOK_HEADERS } from './openapi-webhooks.ts'

/** The OpenAPI 3.1 document: every call of the API table, with all that it takes and all its responses, and every webhook. */
export const openApiDocument = () => {
  const { openAPIRegistry: registry, getOpenAPI31Document } = new OpenAPIHono()
  registry.registerComponent('securitySchemes', 'apiKey', API_KEY)
  registry.registerComponent('securitySchemes', 'readToken', READ_TOKEN)
  registry.register('Problem', problemSchema)
  for (const [name, header] of Object.entries(RESPONSE_HEADERS)) {
    registry.registerComponent('headers', name, header)
  }
  const operations: Operation[] = Object.values(API).flat()
  for (const name of new Set(operations.flatMap(headersOf))) {
    registry.registerComponent('parameters', name, { name, in: 'header', ...REQUEST_HEADERS[name] })
  }
  registry.registerComponent('parameters', 'client', CLIENT_QUERY)
  for (const [name, response] of Object.entries(sharedProblemResponses())) {
    registry.registerComponent('responses', name, response)
  }
  for (const operation of operations) registry.registerPath(documented(operation))
  for (const [name, header] of Object.entries(WEBHOOK_HEADERS)) {
    registry.registerComponent('parameters', name, { name, in: 'header', required: true, ...header })
  }
  for (const webhook of documentedWebhooks()) registry.registerWebhook(webhook)
  return getOpenAPI31Document({
    openapi: '3.1.1',
    info: INFO,
    servers: [LOCAL_SERVER],
    tags: TAGS,
  })
}

/** Absolute, because Postman and other tools have no address to add to a path. A Worker that serves the document puts its own address here. */
const LOCAL_SERVER = { url: 'http://localhost:8787', description: 'A system that `npm start` started' }

const documented = (operation: Operation): Operation['route'] => {
  const { scope, route } = operation
  return {
    ...route,
    description: [route.description ?? [], needsOf(operation)].flat().join('\n\n'),
    security: isOpen(operation)
      ? []
      : [{ apiKey: [scope] }, ...(isOpenToReadTokens(operation) ? [{ readToken: [] }] : [])],
    parameters: [...headersOf(operation), ...(namesOrder(operation) ? ['client'] : [])].map((name) => ({
      $ref: `#/components/parameters/${name}`,
    })),
    responses: { ...problemResponses(operation), ...successResponsesOf(operation) },
  }
}

const needsOf = (operation: Operation): string => {
  if (isOpen(operation)) return 'Open: it needs no key.'
  const token = isOpenToReadTokens(operation) ? ", or the order's read token" : ''
  return `Needs a key with the scope \`${operation.scope}\`${token}.`
}

const headersOf = (operation: Operation): RequestHeader[] => [
  ...(isIdempotent(operation) ? ['Idempotency-Key' as const] : []),
  ...(operation.headers ?? []),
  'traceparent',
]

/** The response to a repeated call says that it is the first one again. */
const successResponsesOf = (operation: Operation): Operation['route']['responses'] => {
  if (!isIdempotent(operation)) return operation.route.responses
  const replayed = headerReferences(['Idempotency-Replayed'])
  return Object.fromEntries(
    Object.entries(operation.route.responses).map(([status, response]) => [
      status,
      '$ref' in response ? response : { ...response, headers: { ...response.headers, ...replayed } },
    ]),
  )
}

const API_KEY = {
  type: 'http',
  scheme: 'bearer',
  description: 'An API key: `Authorization: Bearer KEY`. Each call names the scope that the key needs.',
} as const

const READ_TOKEN = {
  type: 'apiKey',
  in: 'query',
  name: 'token',
  description:
    'The `readToken` of the response to `POST /orders`: for 24 hours a browser reads with it that order only. It may also be sent as `Authorization: Bearer`.',
} as const

const CLIENT_QUERY = {
  name: 'client',
  in: 'query',
  description:
    'The client whose order is meant, if several clients use the same id. Only for a key with the scope `operations`, which acts for all clients.',
  schema: { type: 'string', minLength: 1, maxLength: 128 },
} as const

/** Grows when the contracts do: the HTTP API's and the events'. */
export const API_VERSION = '1.0.0'

const INFO = {
  title: 'edge-orders',
  version: API_VERSION,
  summary: 'Orders, stock and payments of a shop.',
  description: `Place an order, and read how it is decided and settled.

- Money is a JSON number in the currency's major unit, with at most the decimals that ISO 4217 gives it.
- Times are RFC 3339 in UTC with milliseconds.
- Unknown fields of a request are refused. Ignore unknown fields of a response: new ones may come.
- Every error is a problem of RFC 9457 with a stable \`code\`.
- Lists are paged: send \`nextCursor\` back as \`cursor\`. They are about a second behind.`,
  license: { name: 'MIT', identifier: 'MIT' },
}

const TAGS = [
  { name: 'Orders', description: 'Placing orders, reading and cancelling them.' },
  { name: 'Products', description: 'The catalogue with the prices of orders.' },
  { name: 'Inventory', description: 'The stock on hand and the reserved stock.' },
  { name: 'Payments', description: 'The authorized, captured and refunded amounts.' },
  {
    name: 'Webhooks',
    description: 'Events posted to your addresses, signed as in Standard Webhooks.',
  },
  { name: 'Feed', description: 'The events of all orders, for systems that follow them.' },
  { name: 'Metrics', description: 'What the system counts and measures.' },
  { name: 'Pauses', description: 'How operators refuse new orders for a while.' },
  { name: 'Replays', description: 'How operators send events once more.' },
  { name: 'Customers', description: 'How operators erase what is stored about one.' },
  { name: 'Lists', description: 'How operators repair lists.' },
  { name: 'Drills', description: 'Faults to practise with, in a demo alone.' },
  { name: 'Dead letters', description: 'Events that could not be handled.' },
  { name: 'Audit', description: 'Who did what, when and why.' },
  { name: 'Keys', description: 'API keys: each names a client and its scopes.' },
  { name: 'Health', description: 'Whether the system is alive and ready.' },
  { name: 'Documents', description: 'The contracts for programs, and pages to read them.' },
]
