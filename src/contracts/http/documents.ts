import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { headerReferences, jsonResponse, operation, webPage } from './operation.ts'

const info = z.looseObject({ title: z.string(), version: z.string() })

const openApiSchema = z.looseObject({ openapi: z.string(), info, paths: z.record(z.string(), z.unknown()) })

export const getOpenApi = operation({
  scope: 'open',
  problems: ['rate_limited'],
  route: createRoute({
    operationId: 'getOpenApi',
    tags: ['Documents'],
    summary: 'Read this document',
    description: 'The HTTP API as OpenAPI 3.1.',
    method: 'get',
    path: '/openapi.json',
    responses: {
      200: jsonResponse(openApiSchema, 'The OpenAPI document', {
        example: { openapi: '3.1.1', info: { title: 'edge-orders', version: '1.0.0' }, paths: {} },
      }),
    },
  }),
})

const asyncApiSchema = z.looseObject({
  asyncapi: z.string(),
  info,
  channels: z.record(z.string(), z.unknown()),
})

export const getAsyncApi = operation({
  scope: 'open',
  problems: ['rate_limited'],
  route: createRoute({
    operationId: 'getAsyncApi',
    tags: ['Documents'],
    summary: 'Read the document of the events',
    description:
      'The queues, the senders and messages of each, and every version of every event as AsyncAPI 3.',
    method: 'get',
    path: '/asyncapi.json',
    responses: {
      200: jsonResponse(asyncApiSchema, 'The AsyncAPI document', {
        example: { asyncapi: '3.0.0', info: { title: 'edge-orders events', version: '1.0.0' }, channels: {} },
      }),
    },
  }),
})

const schemaParam = z.object({
  type: z.string().meta({ description: "The event's type.", examples: ['OrderPlaced'] }),
  version: z.string().meta({ description: 'Its version.', examples: ['2'] }),
})

const eventSchemaSchema = z.looseObject({ $id: z.string(), $schema: z.string(), title: z.string() })

export const getEventSchema = operation({
  scope: 'open',
  problems: ['not_found', 'rate_limited'],
  route: createRoute({
    operationId: 'getEventSchema',
    tags: ['Documents'],
    summary: "Read the schema of an event's version",
    description: 'JSON Schema 2020-12 of the whole message. Every version that was ever published has one.',
    method: 'get',
    path: '/schemas/{type}/{version}.json',
    request: { params: schemaParam },
    responses: {
      200: jsonResponse(eventSchemaSchema, 'The JSON Schema', {
        example: {
          $id: '/schemas/OrderPlaced/2.json',
          $schema: 'https://json-schema.org/draft/2020-12/schema',
          title: 'OrderPlaced, version 2',
        },
      }),
    },
  }),
})

export const getStart = operation({
  scope: 'open',
  problems: [],
  route: createRoute({
    operationId: 'getStart',
    tags: ['Documents'],
    summary: 'Start here',
    description: 'Leads a browser to `/docs`.',
    method: 'get',
    path: '/',
    responses: { 302: { description: 'To `/docs`', headers: headerReferences(['Location']) } },
  }),
})

export const getApiPage = operation({
  scope: 'open',
  problems: ['rate_limited'],
  route: createRoute({
    operationId: 'getApiPage',
    tags: ['Documents'],
    summary: 'Read the HTTP API in a browser',
    description: 'A page that shows `/openapi.json`, and loads nothing from other hosts.',
    method: 'get',
    path: '/docs',
    responses: { 200: webPage('The page') },
  }),
})

export const getEventsPage = operation({
  scope: 'open',
  problems: ['rate_limited'],
  route: createRoute({
    operationId: 'getEventsPage',
    tags: ['Documents'],
    summary: 'Read about the events in a browser',
    description: 'A page that shows `/asyncapi.json`, and loads nothing from other hosts.',
    method: 'get',
    path: '/docs/events',
    responses: { 200: webPage('The page') },
  }),
})
