import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { jsonAnswer, operation } from './operation.ts'

const info = z.looseObject({ title: z.string(), version: z.string() })

const openApiSchema = z.looseObject({ openapi: z.string(), info, paths: z.record(z.string(), z.unknown()) })

export const getOpenApi = operation({
  scope: 'open',
  problems: [],
  route: createRoute({
    operationId: 'getOpenApi',
    tags: ['Documents'],
    summary: 'Read this document',
    description: 'The HTTP API as OpenAPI 3.1.',
    method: 'get',
    path: '/openapi.json',
    responses: {
      200: jsonAnswer(openApiSchema, 'The OpenAPI document', {
        example: { openapi: '3.1.1', info: { title: 'edge-orders', version: '1.0.0' }, paths: {} },
      }),
    },
  }),
})
