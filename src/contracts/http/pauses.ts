import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { pauseExample } from '../examples/pauses.ts'
import { productIdField, timestampView } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { jsonBody, jsonResponse, operation, pageOf } from './operation.ts'

const reasonField = z.string().min(1).max(500)

const productField = productIdField
  .optional()
  .meta({ description: 'The product whose new orders are meant. Without it, all new orders.' })

const pauseSchema = z
  .object({
    productId: productField,
    reason: z.string(),
    client: z.string().meta({ description: 'The client of the key that paused them.' }),
    at: timestampView,
  })
  .meta({ id: 'Pause' })

const wantedPauseSchema = z
  .strictObject({ productId: productField, reason: reasonField })
  .meta({ id: 'PauseOrders' })

const resumeSchema = z
  .strictObject({ productId: productField, reason: reasonField.optional() })
  .meta({ id: 'ResumeOrders' })

const resumedSchema = z
  .object({
    productId: productField,
    wasPaused: z.boolean().meta({ description: 'False where there was no such pause.' }),
  })
  .meta({ id: 'ResumedOrders' })

export const listPauses = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'listPauses',
    tags: ['Pauses'],
    summary: 'List the pauses of new orders',
    description: 'The pause of all orders first, then those of products. Always current.',
    method: 'get',
    path: '/pauses',
    request: { query: z.strictObject(pageQuery) },
    responses: {
      200: jsonResponse(pageOf(pauseSchema), 'What is paused', { example: { items: [pauseExample] } }),
    },
  }),
})

export const pauseOrders = operation({
  scope: 'operations',
  problems: ['product_not_found', 'pause_limit_reached', 'idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'pauseOrders',
    tags: ['Pauses'],
    summary: 'Refuse new orders for a while',
    description:
      'All new orders, or those with one product, get 503 `orders_paused` within two seconds, until `POST /pauses/lift`. A restart changes nothing. Accepted orders go on and settle, and a repeated request still gets its first response. At most 99 products can be paused at a time.',
    method: 'post',
    path: '/pauses',
    request: { body: jsonBody(wantedPauseSchema, true, { productId: 'P001', reason: 'Recalled.' }) },
    responses: { 200: jsonResponse(pauseSchema, 'They are paused', { example: pauseExample }) },
  }),
})

export const resumeOrders = operation({
  scope: 'operations',
  problems: ['idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'resumeOrders',
    tags: ['Pauses'],
    summary: 'Take new orders again',
    description:
      'Ends one pause: that of a product, or, without a product, that of all orders. Pauses of single products then go on. New orders are accepted within two seconds.',
    method: 'post',
    path: '/pauses/lift',
    request: { body: jsonBody(resumeSchema, false, { productId: 'P001' }) },
    responses: {
      200: jsonResponse(resumedSchema, 'They are not paused', {
        example: { productId: 'P001', wasPaused: true },
      }),
    },
  }),
})
