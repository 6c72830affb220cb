import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { jsonAnswer, operation } from './operation.ts'
import { workerReadinessSchema } from './readiness.ts'

const readinessSchema = z.object({
  ready: z.boolean(),
  workers: z.object({
    order: workerReadinessSchema,
    inventory: workerReadinessSchema,
    payment: workerReadinessSchema,
    operations: workerReadinessSchema,
  }),
})

export const getHealth = operation({
  scope: 'open',
  problems: [],
  route: createRoute({
    operationId: 'getHealth',
    tags: ['Health'],
    summary: 'Is the edge alive?',
    method: 'get',
    path: '/healthz',
    responses: { 200: jsonAnswer(z.object({ status: z.literal('ok') }), 'It is') },
  }),
})

export const getReadiness = operation({
  scope: 'open',
  problems: [],
  route: createRoute({
    operationId: 'getReadiness',
    tags: ['Health'],
    summary: 'Can an order be placed and settled?',
    method: 'get',
    path: '/readyz',
    responses: {
      200: jsonAnswer(readinessSchema, 'Every Worker is ready'),
      503: jsonAnswer(readinessSchema, 'What is in the way, and what to do about it'),
    },
  }),
})
