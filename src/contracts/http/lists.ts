import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { jsonResponse, operation } from './operation.ts'

const rebuildSchema = z
  .object({
    list: z.enum(['orders']),
    partitions: z.int().min(1).meta({ description: 'How many partitions list their orders again.' }),
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
      'Each partition writes all its orders to the list once more, in portions, beside its other work. Orders that the list shows already stay. A second call starts the work again.',
    method: 'post',
    path: '/lists/orders/rebuild',
    responses: {
      202: jsonResponse(rebuildSchema, 'The work has started', {
        example: { list: 'orders', partitions: 2 },
      }),
    },
  }),
})
