import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { jsonResponse, operation } from './operation.ts'

const LISTS = ['orders', 'payments', 'movements'] as const

export type List = (typeof LISTS)[number]

const rebuildSchema = z
  .object({
    list: z.enum(LISTS),
    partitions: z.int().min(1).meta({ description: 'How many partitions list all that they have again.' }),
  })
  .meta({ id: 'ListRebuild' })

const rebuildOf = (list: List, about: { operationId: string; summary: string; description: string }) =>
  operation({
    scope: 'operations',
    // Clients may rely on 409 `request_in_progress`, which older code answered.
    problems: ['idempotency_key_reused', 'request_in_progress'],
    route: createRoute({
      ...about,
      tags: ['Lists'],
      method: 'post',
      path: `/lists/${list}/rebuild`,
      responses: {
        202: jsonResponse(rebuildSchema, 'The work has started', { example: { list, partitions: 2 } }),
      },
    }),
  })

const IN_PORTIONS =
  'in portions, beside its other work. What the list shows already stays. A second call starts the work again.'

export const rebuildOrderList = rebuildOf('orders', {
  operationId: 'rebuildOrderList',
  summary: 'Fill the list of orders anew',
  description: `Each partition writes all its orders to the list once more, ${IN_PORTIONS}`,
})

export const rebuildPaymentList = rebuildOf('payments', {
  operationId: 'rebuildPaymentList',
  summary: 'Fill the list of payments anew',
  description: `Each partition writes all its payments to the list once more, ${IN_PORTIONS}`,
})

export const rebuildMovementList = rebuildOf('movements', {
  operationId: 'rebuildMovementList',
  summary: "Fill the ledger of stock's movements anew",
  description: `Each partition writes all its movements to the ledger and all its products to the catalogue once more, and publishes its products for the copy that prices orders; ${IN_PORTIONS}`,
})
