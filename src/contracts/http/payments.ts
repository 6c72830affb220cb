import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { timedPageQuery } from '../paging.ts'
import { jsonAnswer, jsonBody, operation, pageOf } from './operation.ts'

const refundSchema = z.strictObject({
  amount: z.number().gt(0).optional(),
  reason: z.string().min(1).max(500).optional(),
})

export const refundViewSchema = z.object({
  refundId: z.string(),
  orderId: z.string(),
  amount: z.number(),
  currency: z.string(),
  status: z.enum(['pending', 'succeeded', 'failed']),
  reason: z.string().optional(),
  requestedAt: z.string(),
})

const refusal = z.object({ code: z.string(), detail: z.string() })

export const paymentSchema = z.object({
  orderId: z.string(),
  status: z.enum(['pending', 'authorized', 'declined', 'captured', 'failed', 'voided', 'refunded']),
  currency: z.string(),
  amount: z.number(),
  capturedAmount: z.number(),
  refundedAmount: z.number(),
  attempts: z.int(),
  gatewayReference: z.string().optional(),
  reason: refusal.optional(),
  stuck: refusal.optional(),
  refunds: z.array(refundViewSchema),
  createdAt: z.string(),
  updatedAt: z.string(),
})

export const simulatedBooksSchema = z.object({
  operations: z.array(
    z.object({
      type: z.enum(['authorize', 'capture', 'void', 'refund']),
      amount: z.number(),
      idempotencyKey: z.string(),
      outcome: z.enum(['succeeded', 'declined', 'failed']),
      at: z.string(),
    }),
  ),
  authorizedAmount: z.number(),
  capturedAmount: z.number(),
  refundedAmount: z.number(),
})

const orderParam = z.object({ orderId: z.string() })

export const getPayment = operation({
  scope: 'payments:read',
  problems: ['payment_not_found'],
  route: createRoute({
    operationId: 'getPayment',
    tags: ['Payments'],
    summary: 'Read the payment of an order as it is now',
    method: 'get',
    path: '/payments/{orderId}',
    request: { params: orderParam },
    responses: { 200: jsonAnswer(paymentSchema, 'The payment as it is now') },
  }),
})

export const listPayments = operation({
  scope: 'payments:read',
  problems: [],
  route: createRoute({
    operationId: 'listPayments',
    tags: ['Payments'],
    summary: 'List payments, newest first',
    method: 'get',
    path: '/payments',
    request: { query: z.strictObject(timedPageQuery) },
    responses: { 200: jsonAnswer(pageOf(paymentSchema), 'Payments, newest first') },
  }),
})

export const requestRefund = operation({
  scope: 'payments:write',
  problems: ['payment_not_found', 'refund_exceeds_captured', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'requestRefund',
    tags: ['Payments'],
    summary: 'Refund a payment, in full or in part',
    method: 'post',
    path: '/payments/{orderId}/refunds',
    request: { params: orderParam, body: jsonBody(refundSchema, false) },
    responses: { 202: jsonAnswer(refundViewSchema, 'The refund, durably requested') },
  }),
})

export const getSimulatedBooks = operation({
  scope: 'payments:read',
  problems: [],
  route: createRoute({
    operationId: 'getSimulatedBooks',
    tags: ['Payments'],
    summary: "Read the simulated bank's own books",
    method: 'get',
    path: '/simulator/payments/{orderId}',
    request: { params: orderParam },
    responses: {
      200: jsonAnswer(simulatedBooksSchema, "What the simulated bank did, by the bank's own books"),
    },
  }),
})
