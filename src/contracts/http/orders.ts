import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { amountField, currencyField, LINES_MAX, productIdField, quantityField } from '../fields.ts'
import { timedPageQuery } from '../paging.ts'
import { jsonAnswer, jsonBody, operation, pageOf } from './operation.ts'

const METADATA_ENTRIES_MAX = 50

const shortText = z.string().min(1).max(128)

export const placeOrderSchema = z.strictObject({
  items: z
    .array(z.strictObject({ productId: productIdField, quantity: quantityField }))
    .min(1)
    .max(LINES_MAX),
  totalAmount: amountField.optional(),
  currency: currencyField.optional(),
  customerId: shortText.optional(),
  reference: shortText.optional(),
  payment: z.strictObject({ token: z.string().min(1).max(256) }).optional(),
  metadata: z
    .record(z.string().min(1).max(128), z.string().max(500))
    .refine((entries) => Object.keys(entries).length <= METADATA_ENTRIES_MAX, {
      error: `must have at most ${METADATA_ENTRIES_MAX} entries`,
    })
    .optional(),
})

const cancelOrderSchema = z.strictObject({ reason: z.string().min(1).max(500).optional() })

const ORDER_STATUSES = ['pending', 'confirmed', 'rejected', 'cancelled'] as const

const listOrdersSchema = z.strictObject({
  ...timedPageQuery,
  status: z.enum(ORDER_STATUSES).optional(),
  customerId: shortText.optional(),
  reference: shortText.optional(),
})

export const orderSchema = z.object({
  orderId: z.string(),
  status: z.enum(ORDER_STATUSES),
  version: z.int(),
  currency: z.string(),
  totalAmount: z.number(),
  items: z.array(
    z.object({ productId: z.string(), quantity: z.int(), unitPrice: z.number(), amount: z.number() }),
  ),
  inventory: z.object({ status: z.enum(['pending', 'reserved', 'rejected', 'committed', 'released']) }),
  payment: z.object({
    status: z.enum(['pending', 'authorized', 'declined', 'captured', 'failed', 'voided', 'refunded']),
    capturedAmount: z.number(),
    refundedAmount: z.number(),
  }),
  reason: z.object({ code: z.string(), detail: z.string() }).optional(),
  /** Only while its decision does not take effect: a person may have to look. */
  stuck: z
    .object({
      code: z.enum(['bank_refused', 'overdue']),
      detail: z.string(),
      waitingFor: z.array(z.enum(['inventory', 'payment'])),
    })
    .optional(),
  customerId: z.string().optional(),
  reference: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  placedAt: z.string(),
  decidedAt: z.string().optional(),
  settledAt: z.string().optional(),
})

const orderParam = z.object({ orderId: z.string() })

export const placeOrder = operation({
  scope: 'orders:write',
  problems: [
    'unknown_product',
    'mixed_currencies',
    'price_mismatch',
    'amount_too_large',
    'payment_required',
    'idempotency_key_reused',
    'request_in_progress',
  ],
  route: createRoute({
    operationId: 'placeOrder',
    tags: ['Orders'],
    summary: 'Place an order',
    method: 'post',
    path: '/orders',
    request: { body: jsonBody(placeOrderSchema, true) },
    responses: {
      200: jsonAnswer(orderSchema, 'The order, decided: only for who prefers to wait'),
      202: jsonAnswer(orderSchema, 'The order, durably stored'),
    },
  }),
})

export const listOrders = operation({
  scope: 'orders:read',
  problems: [],
  route: createRoute({
    operationId: 'listOrders',
    tags: ['Orders'],
    summary: 'List orders, newest first',
    method: 'get',
    path: '/orders',
    request: { query: listOrdersSchema },
    responses: { 200: jsonAnswer(pageOf(orderSchema), 'Orders, newest first') },
  }),
})

export const getOrder = operation({
  scope: 'orders:read',
  problems: ['order_not_found'],
  route: createRoute({
    operationId: 'getOrder',
    tags: ['Orders'],
    summary: 'Read an order as it is now',
    method: 'get',
    path: '/orders/{orderId}',
    request: { params: orderParam },
    responses: {
      200: jsonAnswer(orderSchema, 'The order as it is now'),
      304: { description: 'It is still the version of `If-None-Match`' },
    },
  }),
})

export const getOrderEvents = operation({
  scope: 'orders:read',
  problems: ['order_not_found'],
  route: createRoute({
    operationId: 'getOrderEvents',
    tags: ['Orders'],
    summary: 'Read what happened to an order',
    method: 'get',
    path: '/orders/{orderId}/events',
    request: { params: orderParam },
    responses: { 200: jsonAnswer(z.object({ events: z.array(z.unknown()) }), 'What happened to the order') },
  }),
})

export const cancelOrder = operation({
  scope: 'orders:write',
  problems: ['order_not_found', 'order_not_cancellable', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'cancelOrder',
    tags: ['Orders'],
    summary: 'Cancel an order',
    method: 'post',
    path: '/orders/{orderId}/cancel',
    request: { params: orderParam, body: jsonBody(cancelOrderSchema, false) },
    responses: {
      200: jsonAnswer(orderSchema, 'It was cancelled before'),
      202: jsonAnswer(orderSchema, 'Cancelled'),
    },
  }),
})
