import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { jsonResponse, operation } from './operation.ts'

const rebuildSchema = z
  .object({
    list: z.enum(['orders']),
    partitions: z.int().min(1).meta({ description: 'How many partitions list what they keep.' }),
  })
  .meta({ id: 'ListRebuild' })

export const rebuildOrderList = operation({
  scope: 'operations',
  problems: ['idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'rebuildOrderList',
    tags: ['Lists'],
    summary: 'Fill the list of orders anew',
    description:
      'Each partition writes all its orders to the list once more, in portions, beside its other work. What the list shows already stays. Called again, it begins again.',
    method: 'post',
    path: '/lists/orders/rebuild',
    responses: {
      202: jsonResponse(rebuildSchema, 'It has begun', { example: { list: 'orders', partitions: 2 } }),
    },
  }),
})
