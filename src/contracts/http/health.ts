import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { readinessExample, unreadinessExample } from '../examples/operations.ts'
import { jsonResponse, operation } from './operation.ts'
import { workerReadinessSchema } from './readiness.ts'

const readinessSchema = z
  .object({
    ready: z.boolean(),
    workers: z.object({
      order: workerReadinessSchema,
      inventory: workerReadinessSchema,
      payment: workerReadinessSchema,
      operations: workerReadinessSchema,
    }),
  })
  .meta({ id: 'Readiness' })

export const getHealth = operation({
  scope: 'open',
  problems: [],
  route: createRoute({
    operationId: 'getHealth',
    tags: ['Health'],
    summary: 'Is the edge alive?',
    description: 'Says nothing about the parts behind the edge: `/readyz` does.',
    method: 'get',
    path: '/healthz',
    responses: {
      200: jsonResponse(z.object({ status: z.literal('ok') }), 'It is', { example: { status: 'ok' } }),
    },
  }),
})

export const getReadiness = operation({
  scope: 'open',
  problems: ['rate_limited'],
  route: createRoute({
    operationId: 'getReadiness',
    tags: ['Health'],
    summary: 'Can an order be placed and settled?',
    description:
      'Asks every Worker, and each names what it lacks: migrations, bindings, configuration. The response may be five seconds old, or one second where a Worker is not ready. `errors` are the words of the parts themselves, and `parts` names bindings, applied migrations, settings (without their values) and the version that runs: only a key with the scope `operations` sees them. `warnings` name settings that orders can do without, and how to set them.',
    method: 'get',
    path: '/readyz',
    responses: {
      200: jsonResponse(readinessSchema, 'Every Worker is ready', { example: readinessExample }),
      503: jsonResponse(readinessSchema, 'What is in the way, and what to do about it', {
        example: unreadinessExample,
        headers: ['Retry-After'],
      }),
    },
  }),
})
