import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { deadLetterExample } from '../examples/operations.ts'
import { ORDER_ID, orderPlacedEventExample, settledOrderExample } from '../examples/orders.ts'
import { paymentExample } from '../examples/payments.ts'
import { deliveryExample, webhookExample } from '../examples/webhooks.ts'
import { amountView, productIdField, timestampView } from '../fields.ts'
import { STORY_ITEMS_MAX, STORY_PART_NAMES } from '../order-story.ts'
import { deliverySchema } from './deliveries.ts'
import { movementSchema } from './inventory.ts'
import { jsonResponse, operation } from './operation.ts'
import { deadLetterViewSchema } from './operations.ts'
import { eventView, orderSchema } from './orders.ts'
import { orderParam } from './parameters.ts'
import { paymentSchema } from './payments.ts'

const bankOperationSchema = z.object({
  type: z.enum(['authorize', 'capture', 'void', 'refund']),
  amount: amountView,
  idempotencyKey: z.string(),
  outcome: z.enum(['succeeded', 'declined', 'failed']),
  reference: z.string(),
  at: timestampView.optional(),
})

const reservationSchema = z.object({
  status: z.enum(['reserved', 'committed', 'released', 'refused']),
  items: z.array(z.object({ productId: productIdField, quantity: z.int().min(1) })),
  shortages: z
    .array(z.object({ productId: productIdField, requested: z.int(), available: z.int() }))
    .optional()
    .meta({ description: 'Only where it was refused.' }),
  reservedAt: timestampView.optional(),
  committedAt: timestampView.optional(),
  releasedAt: timestampView.optional(),
  refusedAt: timestampView.optional(),
})

const stockSchema = z.object({
  reservations: z
    .array(reservationSchema)
    .meta({ description: 'One for each stock partition that has products of the order.' }),
  movements: z.array(
    movementSchema.omit({ orderId: true, reason: true }).extend({ productId: productIdField }),
  ),
})

const auditEntrySchema = z.object({
  id: z.string(),
  at: timestampView,
  client: z.string().meta({ description: 'Whose key did it.' }),
  action: z.string(),
  deadLetterId: z.string(),
  reason: z.string().optional(),
})

/** The parts that other services have, as the edge reads their replies. */
export const partSchemas = {
  payment: paymentSchema.optional(),
  bank: z.array(bankOperationSchema),
  stock: stockSchema,
  deliveries: z.array(deliverySchema.extend({ webhookId: z.string() })),
  deadLetters: z.array(deadLetterViewSchema),
  audit: z.array(auditEntrySchema),
}

export type PartViews = { [Part in keyof typeof partSchemas]: z.infer<(typeof partSchemas)[Part]> }

const unreadSchema = z.object({
  part: z.enum(STORY_PART_NAMES),
  code: z.enum(['forbidden', 'unavailable']),
  detail: z.string(),
})

export const storySchema = z
  .object({
    order: orderSchema,
    events: z.array(eventView).meta({ description: 'In the order in which they took effect.' }),
    payment: partSchemas.payment.meta({
      description: 'Left out while the payment service has not heard of the order.',
    }),
    bank: partSchemas.bank
      .optional()
      .meta({ description: "What the bank did, by the bank's own books; oldest first." }),
    stock: partSchemas.stock
      .optional()
      .meta({ description: 'Reservations and movements as the stock partitions have them now.' }),
    deliveries: partSchemas.deliveries
      .optional()
      .meta({ description: `To the webhooks that the caller may manage; the newest ${STORY_ITEMS_MAX}.` }),
    deadLetters: partSchemas.deadLetters.optional().meta({ description: `The newest ${STORY_ITEMS_MAX}.` }),
    audit: partSchemas.audit.optional().meta({
      description: `Who redrove or discarded its dead letters, and why; the newest ${STORY_ITEMS_MAX}.`,
    }),
    unread: z.array(unreadSchema).meta({
      description:
        'The parts that are missing here, and why. `forbidden`: the key lacks the scope that `detail` names. `unavailable`: the Worker that has the part did not respond. Try again.',
    }),
  })
  .meta({ id: 'OrderStory' })

export type OrderStory = z.infer<typeof storySchema>

const storyExample = {
  order: settledOrderExample,
  events: [orderPlacedEventExample],
  payment: paymentExample,
  bank: [
    {
      type: 'authorize',
      amount: 150,
      idempotencyKey: `${ORDER_ID}/authorize/1`,
      outcome: 'succeeded',
      reference: `sim_${ORDER_ID}_1`,
      at: '2026-11-23T14:20:02.331Z',
    },
  ],
  stock: {
    reservations: [
      {
        status: 'committed',
        items: [{ productId: 'P001', quantity: 2 }],
        reservedAt: '2026-11-23T14:20:02.294Z',
        committedAt: '2026-11-23T14:20:02.353Z',
      },
    ],
    movements: [
      { productId: 'P001', kind: 'reservation', quantity: 2, at: '2026-11-23T14:20:02.294Z' },
      { productId: 'P001', kind: 'commit', quantity: 2, at: '2026-11-23T14:20:02.353Z' },
    ],
  },
  deliveries: [{ ...deliveryExample, webhookId: webhookExample.id }],
  deadLetters: [{ ...deadLetterExample, status: 'discarded' }],
  audit: [
    {
      id: '01m84cehs4ryabgcajgqkg22t4',
      at: '2026-11-23T14:31:12.054Z',
      client: 'support',
      action: 'discarded',
      deadLetterId: deadLetterExample.id,
      reason: 'a test of the web shop',
    },
  ],
  unread: [],
}

export const getOrderStory = operation({
  scope: 'orders:read',
  problems: ['order_not_found'],
  route: createRoute({
    operationId: 'getOrderStory',
    tags: ['Orders'],
    summary: 'Read everything about an order',
    description:
      'The order, its events, its payment, what the bank did, its stock, deliveries to webhooks, dead letters, and what operators did about those. Each part is current. A part that the key may not see, or that does not respond, is named in `unread`; the others are shown.',
    method: 'get',
    path: '/orders/{orderId}/story',
    request: { params: orderParam },
    responses: { 200: jsonResponse(storySchema, 'Everything about the order', { example: storyExample }) },
  }),
})
