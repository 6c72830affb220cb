import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { jsonBody, jsonResponse, operation } from './operation.ts'

/** As much of an event of Stripe as is read here. */
export const stripeEventSchema = z
  .looseObject({
    id: z.string().min(1).max(255),
    type: z.string(),
    livemode: z.boolean(),
    data: z.looseObject({
      object: z.looseObject({
        metadata: z
          .record(z.string(), z.string())
          .nullish()
          .meta({ description: '`order_id` names the order.' }),
      }),
    }),
  })
  .meta({ id: 'StripeEvent' })

const receivedSchema = z
  .object({
    received: z.literal(true),
    outcome: z
      .enum(['taken', 'duplicate', 'ignored'])
      .meta({ description: '`ignored`: the event is about no payment of this system.' }),
  })
  .meta({ id: 'ReceivedEvent' })

const example = {
  ...{ id: 'evt_1', object: 'event', type: 'payment_intent.canceled', livemode: true },
  data: {
    object: {
      id: 'pi_1',
      object: 'payment_intent',
      metadata: { order_id: 'ord_0_01m84cect7ws6kqky32zvfd1pr' },
    },
  },
}

export const receiveStripeEvent = operation({
  scope: 'open',
  problems: [
    ...([
      'invalid_signature',
      'validation_failed',
      'not_found',
      'payload_too_large',
      'request_timeout',
    ] as const),
    ...(['rate_limited', 'misconfigured', 'unavailable'] as const),
  ],
  route: createRoute({
    operationId: 'receiveStripeEvent',
    tags: ['Payments'],
    summary: 'What Stripe posts',
    description:
      'For Stripe alone: the header `Stripe-Signature` signs the body as it was sent. The event is a hint: the payment follows what Stripe says when it is asked about the order. An event that comes again changes nothing.',
    method: 'post',
    path: '/gateways/stripe/events',
    request: { body: jsonBody(stripeEventSchema, true, example) },
    responses: {
      200: jsonResponse(receivedSchema, 'The event need not come again', {
        example: { received: true, outcome: 'taken' },
      }),
    },
  }),
})
