import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { customerSchema } from '../customer-erasure.ts'
import { erasureExample } from '../examples/customers.ts'
import { pageQuery } from '../paging.ts'
import { jsonBody, jsonResponse, operation } from './operation.ts'

const wantedErasureSchema = z
  .strictObject({
    client: customerSchema.shape.client.meta({ description: 'The client whose customer it is.' }),
    customerId: customerSchema.shape.customerId.meta({ description: 'The customer, as orders name it.' }),
    cursor: pageQuery.cursor,
    dryRun: z.boolean().optional().meta({ description: 'Only finds them: nothing is erased.' }),
    reason: z
      .string()
      .min(1)
      .max(500)
      .optional()
      .meta({ description: 'For the audit log, which keeps it: without the name of the person.' }),
  })
  .meta({ id: 'WantedErasure' })

const erasureSchema = z
  .object({
    dryRun: z.boolean(),
    orders: z
      .array(z.string())
      .meta({ description: 'The unique ids of the orders whose data were erased, or would be.' }),
    waiting: z.array(z.string()).meta({
      description:
        'Orders that are not settled, or whose events are still on their way. Nothing of them is erased yet: make the call again later.',
    }),
    deadLetters: z.int().min(0).meta({ description: 'Dead letters that named the customer.' }),
    progress: z
      .object({ part: z.string(), number: z.int().min(1), of: z.int().min(1) })
      .meta({ description: 'The part of the stored data that this call went through.' }),
    nextCursor: z
      .string()
      .optional()
      .meta({ description: 'Hand it back as `cursor` to go on. The last portion has none.' }),
  })
  .meta({ id: 'Erasure' })

export const eraseCustomer = operation({
  scope: 'operations',
  problems: ['idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'eraseCustomer',
    tags: ['Customers'],
    summary: 'Erase what is stored about a customer',
    description:
      'Erases `customerId`, `reference`, `metadata` and the reason of a cancellation in all settled orders of one customer, in lists and in dead letters, a portion in each call. Amounts, products and events stay, so the books still add up. What is erased cannot be brought back. The same call again finds what came since.',
    method: 'post',
    path: '/customers/erase',
    request: {
      body: jsonBody(wantedErasureSchema, true, { client: 'web-shop', customerId: 'cust_1', dryRun: true }),
    },
    responses: {
      200: jsonResponse(erasureSchema, 'This portion is erased', { example: erasureExample }),
    },
  }),
})
