import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import * as examples from '../examples/payments.ts'
import {
  amountView,
  clientView,
  currencyView,
  orderIdField,
  timestampField,
  timestampView,
} from '../fields.ts'
import { timedPageQuery } from '../paging.ts'
import { jsonBody, jsonResponse, operation, pageOf } from './operation.ts'
import { orderParam } from './parameters.ts'

const refundSchema = z
  .strictObject({
    amount: z.number().gt(0).optional().meta({ description: 'Without it the whole rest is refunded.' }),
    reason: z.string().min(1).max(500).optional(),
  })
  .meta({ id: 'RequestRefund' })

export const refundViewSchema = z
  .object({
    refundId: z.string().min(1).max(128),
    orderId: orderIdField,
    amount: amountView,
    currency: currencyView,
    status: z.enum(['pending', 'succeeded', 'failed']),
    reason: z.string().optional(),
    requestedAt: timestampView,
  })
  .meta({ id: 'Refund' })

const refusal = z.object({ code: z.string(), detail: z.string() })

export const PAYMENT_STATUSES = [
  'pending',
  'authorized',
  'declined',
  'captured',
  'failed',
  'voided',
  'refunded',
] as const

export const paymentSchema = z
  .object({
    orderId: orderIdField,
    client: clientView,
    status: z.enum(PAYMENT_STATUSES),
    currency: currencyView,
    amount: amountView,
    capturedAmount: amountView,
    refundedAmount: amountView,
    attempts: z.int().min(0).meta({ description: 'How often the bank was asked, look-ups among them.' }),
    gatewayReference: z.string().optional(),
    reason: refusal.optional().meta({ description: "The bank's, where it is declined or failed." }),
    stuck: refusal
      .optional()
      .meta({ description: 'The reason why the bank refused for good what has to be done.' }),
    refunds: z.array(refundViewSchema),
    createdAt: timestampView,
    updatedAt: timestampView,
  })
  .meta({ id: 'Payment' })

export const simulatedBooksSchema = z
  .object({
    operations: z.array(
      z.object({
        type: z.enum(['authorize', 'capture', 'void', 'refund']),
        amount: amountView,
        idempotencyKey: z.string(),
        outcome: z.enum(['succeeded', 'declined', 'failed']),
        at: timestampView,
      }),
    ),
    authorizedAmount: amountView.meta({ description: 'Still held: neither captured nor voided.' }),
    capturedAmount: amountView,
    refundedAmount: amountView,
  })
  .meta({ id: 'SimulatedBooks' })

export const getPayment = operation({
  scope: 'payments:read',
  problems: ['payment_not_found'],
  route: createRoute({
    operationId: 'getPayment',
    tags: ['Payments'],
    summary: 'Read the payment of an order as it is now',
    description:
      'Always current. For a moment, before `OrderPlaced` reaches the payment service, there is none.',
    method: 'get',
    path: '/payments/{orderId}',
    request: { params: orderParam },
    responses: {
      200: jsonResponse(paymentSchema, 'The payment as it is now', { example: examples.paymentExample }),
    },
  }),
})

const listPaymentsSchema = z.strictObject({
  ...timedPageQuery,
  status: z.enum(PAYMENT_STATUSES).optional().meta({ description: 'Only payments with this status.' }),
  stuck: z
    .literal('true', 'must be true: leave it out to list payments that are not stuck too')
    .optional()
    .meta({
      description: 'Only payments with a step that has to be made and that the bank refused for good.',
    }),
  createdAfter: timestampField
    .optional()
    .meta({ description: 'Only payments that were created at this time or later.' }),
  createdBefore: timestampField
    .optional()
    .meta({ description: 'Only payments that were created before this time.' }),
})

export const listPayments = operation({
  scope: 'payments:read',
  problems: [],
  route: createRoute({
    operationId: 'listPayments',
    tags: ['Payments'],
    summary: 'List payments, newest first',
    description:
      'From a read model that follows two to three seconds behind. A page with `status` or `stuck` may be shorter than its limit, or empty, and still have a `nextCursor`.',
    method: 'get',
    path: '/payments',
    request: { query: listPaymentsSchema },
    responses: {
      200: jsonResponse(pageOf(paymentSchema), 'Payments, newest first', {
        example: { items: [examples.paymentExample] },
      }),
    },
  }),
})

export const requestRefund = operation({
  scope: 'payments:write',
  problems: [
    'payment_not_found',
    'refund_exceeds_captured',
    'refund_limit_reached',
    'idempotency_key_reused',
  ],
  route: createRoute({
    operationId: 'requestRefund',
    tags: ['Payments'],
    summary: 'Refund a payment, in full or in part',
    description:
      'Stored at once and carried out soon: read its outcome from the payment. It does not cancel the order.',
    method: 'post',
    path: '/payments/{orderId}/refunds',
    request: { params: orderParam, body: jsonBody(refundSchema, false, examples.requestRefundExample) },
    responses: {
      202: jsonResponse(refundViewSchema, 'The refund, durably requested', {
        example: examples.refundExample,
      }),
    },
  }),
})

export const getSimulatedBooks = operation({
  scope: 'payments:read',
  problems: [],
  route: createRoute({
    operationId: 'getSimulatedBooks',
    tags: ['Payments'],
    summary: "Read the simulated bank's own books",
    description:
      'The operations of the simulated bank itself, apart from the records of the payment service. Only where the simulator is the bank. An order that the bank does not know has no operations and zeros, and so has an order of another client.',
    method: 'get',
    path: '/simulator/payments/{orderId}',
    request: { params: orderParam },
    responses: {
      200: jsonResponse(simulatedBooksSchema, "The simulated bank's operations, from its own books", {
        example: examples.simulatedBooksExample,
      }),
    },
  }),
})
