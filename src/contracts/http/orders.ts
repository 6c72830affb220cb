import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import * as examples from '../examples/orders.ts'
import {
  amountField,
  amountView,
  clientView,
  currencyField,
  currencyView,
  LINES_MAX,
  labelField,
  orderIdField,
  productIdField,
  quantityField,
  timestampField,
  timestampView,
} from '../fields.ts'
import { metadataField } from '../metadata.ts'
import { timedPageQuery } from '../paging.ts'
import { publicEventSchema } from '../public-event.ts'
import { headerReferences, jsonBody, jsonResponse, operation, pageOf } from './operation.ts'
import { orderParam } from './parameters.ts'
import { PAYMENT_STATUSES } from './payments.ts'

export const placeOrderSchema = z
  .strictObject({
    items: z
      .array(z.strictObject({ productId: productIdField, quantity: quantityField }))
      .min(1)
      .max(LINES_MAX)
      .meta({ description: 'The same product on two lines counts as the sum.' }),
    totalAmount: amountField
      .optional()
      .meta({ description: 'The total that you expect: it must be the total computed from the catalogue.' }),
    currency: currencyField
      .optional()
      .meta({ description: "The currency that you expect: it must be the products' currency." }),
    customerId: labelField.optional().meta({ description: 'Your customer, to find their orders by.' }),
    reference: labelField.optional().meta({ description: 'Your own name for the order, to find it by.' }),
    payment: z.strictObject({ token: z.string().min(1).max(256) }).optional(),
    metadata: metadataField.optional(),
  })
  .meta({ id: 'PlaceOrder' })

const cancelOrderSchema = z
  .strictObject({ reason: z.string().min(1).max(500).optional() })
  .meta({ id: 'CancelOrder' })

const ORDER_STATUSES = ['pending', 'confirmed', 'rejected', 'cancelled'] as const

const INVENTORY_STATUSES = ['pending', 'reserved', 'rejected', 'committed', 'released'] as const

const listOrdersSchema = z.strictObject({
  ...timedPageQuery,
  status: z.enum(ORDER_STATUSES).optional().meta({ description: 'Only orders with this decision.' }),
  customerId: labelField.optional().meta({ description: 'Only the orders of this customer of yours.' }),
  reference: labelField.optional().meta({ description: 'Only orders with this reference.' }),
  productId: productIdField
    .optional()
    .meta({ description: 'Only orders with this product. They are looked for by time: name a time too.' }),
  stuck: z
    .literal('true', 'must be true: leave it out to list orders that are not stuck too')
    .optional()
    .meta({
      description:
        'Only orders whose decision does not take effect: the bank refused for good, or they are neither decided nor settled for ten minutes.',
    }),
  settled: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'Only orders whose decision has taken effect, or only the others.' }),
  'payment.status': z
    .enum(PAYMENT_STATUSES)
    .optional()
    .meta({ description: 'Only orders whose payment has this status.' }),
  'inventory.status': z
    .enum(INVENTORY_STATUSES)
    .optional()
    .meta({ description: 'Only orders whose stock has this status.' }),
  placedAfter: timestampField
    .optional()
    .meta({ description: 'Only orders that were placed at this time or later.' }),
  placedBefore: timestampField
    .optional()
    .meta({ description: 'Only orders that were placed before this time.' }),
})

export type OrderQuery = z.infer<typeof listOrdersSchema>

export const orderSchema = z
  .object({
    orderId: orderIdField.meta({ description: 'The id that you gave the order, where you gave it one.' }),
    client: clientView,
    status: z.enum(ORDER_STATUSES).meta({ description: 'The decision.' }),
    version: z.int().min(1).meta({ description: 'Grows with each change.' }),
    currency: currencyView,
    totalAmount: amountView,
    items: z.array(
      z.object({
        productId: productIdField,
        quantity: quantityField,
        unitPrice: amountView,
        amount: amountView,
      }),
    ),
    inventory: z.object({ status: z.enum(INVENTORY_STATUSES) }),
    payment: z.object({
      status: z.enum(PAYMENT_STATUSES),
      capturedAmount: amountView,
      refundedAmount: amountView,
    }),
    reason: z
      .object({ code: z.string(), detail: z.string() })
      .optional()
      .meta({ description: 'Why it was rejected or cancelled.' }),
    stuck: z
      .object({
        code: z.enum(['bank_refused', 'overdue']),
        detail: z.string(),
        waitingFor: z.array(z.enum(['inventory', 'payment'])),
      })
      .optional()
      .meta({ description: 'Only while its decision does not take effect: an operator may have to look.' }),
    customerId: z.string().optional(),
    reference: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    placedAt: timestampView,
    decidedAt: timestampView.optional(),
    settledAt: timestampView
      .optional()
      .meta({ description: 'Present once every effect of the decision is done.' }),
  })
  .meta({ id: 'Order' })

const placedOrderSchema = orderSchema
  .extend({
    readToken: z.string().optional().meta({
      description:
        "For the customer's browser: it opens this order and its events for 24 hours, to read only. Left out where the deployment has no key to seal it with, as `/readyz` says.",
    }),
  })
  .meta({ id: 'PlacedOrder' })

export const placeOrder = operation({
  scope: 'orders:write',
  problems: [
    'unknown_product',
    'mixed_currencies',
    'price_mismatch',
    'amount_too_large',
    'amount_not_chargeable',
    'payment_required',
    'too_many_open_orders',
    'orders_paused',
    'idempotency_key_reused',
    'request_in_progress',
  ],
  headers: ['Prefer'],
  route: createRoute({
    operationId: 'placeOrder',
    tags: ['Orders'],
    summary: 'Place an order',
    description:
      'Prices come from the catalogue. 202 means that the order is durably stored: it is decided and settled soon after, also after a crash. With `Prefer: wait=N` the response waits for the decision, and is 200 if the order is decided in time.',
    method: 'post',
    path: '/orders',
    request: { body: jsonBody(placeOrderSchema, true, examples.placeOrderExample) },
    responses: {
      200: jsonResponse(placedOrderSchema, 'The order, decided: only with `Prefer: wait=N`', {
        example: { ...examples.decidedOrderExample, ...examples.readTokenExample },
        headers: ['Location', 'Preference-Applied'],
      }),
      202: jsonResponse(placedOrderSchema, 'The order, durably stored', {
        example: { ...examples.pendingOrderExample, ...examples.readTokenExample },
        headers: ['Location'],
      }),
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
    description:
      'From a read model that follows two to three seconds behind. Filters can be combined. A page reads a bounded number of orders: one that finds few of them is shorter than `limit`, or empty, and its `nextCursor` goes on. A key sees the orders of its own client; one with the scope `operations` sees all.',
    method: 'get',
    path: '/orders',
    request: { query: listOrdersSchema },
    responses: {
      200: jsonResponse(pageOf(orderSchema), 'Orders, newest first', {
        example: { items: [examples.settledOrderExample] },
      }),
    },
  }),
})

export const getOrder = operation({
  scope: 'orders:read',
  isOpenToReadTokens: true,
  problems: ['order_not_found'],
  headers: ['If-None-Match'],
  route: createRoute({
    operationId: 'getOrder',
    tags: ['Orders'],
    summary: 'Read an order as it is now',
    description: "Always current: it is read from the order's own partition. The `ETag` is its version.",
    method: 'get',
    path: '/orders/{orderId}',
    request: { params: orderParam },
    responses: {
      200: jsonResponse(orderSchema, 'The order as it is now', {
        example: examples.settledOrderExample,
        headers: ['ETag'],
      }),
      304: {
        description: 'The order still has the version of `If-None-Match`',
        headers: headerReferences(['ETag']),
      },
    },
  }),
})

export const eventView = publicEventSchema
  .extend({ time: timestampView.meta({ description: 'When it happened, not when it was sent.' }) })
  .meta({ id: 'Event', description: 'A CloudEvent. Its `type` and `schemaversion` say what `data` is.' })

export const getOrderEvents = operation({
  scope: 'orders:read',
  isOpenToReadTokens: true,
  problems: ['order_not_found'],
  headers: ['Last-Event-ID'],
  route: createRoute({
    operationId: 'getOrderEvents',
    tags: ['Orders'],
    summary: 'Read what happened to an order',
    description:
      'Its events as CloudEvents, in the order in which they took effect, without the payment token. With `Accept: text/event-stream` they come live, as server-sent events (`id` is that of the event, `event` its type, `data` the CloudEvent in one line), until the order is settled. The AsyncAPI document describes each.',
    method: 'get',
    path: '/orders/{orderId}/events',
    request: { params: orderParam },
    responses: {
      200: {
        description: 'What happened to the order',
        content: {
          'application/json': {
            schema: z.object({ events: z.array(eventView) }),
            example: { events: [examples.orderPlacedEventExample] },
          },
          'text/event-stream': { schema: z.string(), example: examples.orderEventStreamExample },
        },
      },
      204: {
        description: 'For a live stream: the order is settled, and no event came after `Last-Event-ID`',
      },
    },
  }),
})

export const cancelOrder = operation({
  scope: 'orders:write',
  problems: ['order_not_found', 'order_not_cancellable', 'idempotency_key_reused'],
  route: createRoute({
    operationId: 'cancelOrder',
    tags: ['Orders'],
    summary: 'Cancel an order',
    description:
      'The order is cancelled at once. Its stock goes back and its money is voided or refunded soon after. A cancelled order stays as it is; a rejected order has nothing to cancel.',
    method: 'post',
    path: '/orders/{orderId}/cancel',
    request: { params: orderParam, body: jsonBody(cancelOrderSchema, false, examples.cancelOrderExample) },
    responses: {
      200: jsonResponse(orderSchema, 'The order was cancelled before', {
        example: examples.cancelledOrderExample,
      }),
      202: jsonResponse(orderSchema, 'Cancelled', {
        example: examples.cancellingOrderExample,
      }),
    },
  }),
})
