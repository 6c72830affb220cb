import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { EVENTS, type EventType } from '../events.ts'
import { feedConsumerExample } from '../examples/feed-consumers.ts'
import { consumerParam, consumerResponse, consumerSchema, startSchema } from './feed-consumer-schemas.ts'
import { jsonBody, jsonResponse, operation } from './operation.ts'

const EVENT_TYPES = Object.keys(EVENTS) as [EventType, ...EventType[]]

const typesField = z.array(z.enum(EVENT_TYPES)).min(1).max(EVENT_TYPES.length)

const putConsumerSchema = z
  .strictObject({
    feed: z.enum(['orders', 'products']).optional().meta({
      description:
        'The feed that the consumer follows: `orders` if a new one is not given any. It never changes.',
    }),
    types: typesField.optional().meta({
      description: 'The event types that a consumer of the orders wants. Without it, all of them.',
    }),
    start: startSchema
      .optional()
      .meta({ description: 'Where a new consumer begins, at the oldest if it is not given.' }),
  })
  .meta({ id: 'PutFeedConsumer' })

const TAGS = ['Feed']

const atConsumer = { request: { params: consumerParam } }

export const putFeedConsumer = operation({
  scope: 'operations',
  problems: ['consumer_limit_reached', 'consumer_of_other_feed', 'order_not_found', 'order_id_ambiguous'],
  route: createRoute({
    operationId: 'putFeedConsumer',
    tags: TAGS,
    summary: 'Make a consumer of a feed, or change its types',
    description:
      'A consumer is a reader of `GET /feed/orders` or `GET /feed/products` whose cursor is kept here. This switches the feed on. A consumer that exists stays where it is: `start` counts only for a new one. It keeps its feed: another one in the body is 409 `consumer_of_other_feed`. A consumer of the products takes no `types`, and no `start` but `at`.',
    method: 'put',
    path: '/feed/consumers/{name}',
    request: {
      params: consumerParam,
      body: jsonBody(putConsumerSchema, false, {
        types: ['OrderConfirmed', 'OrderCancelled'],
        start: { at: 'now' },
      }),
    },
    responses: {
      200: consumerResponse('The consumer, which was there before'),
      201: consumerResponse('The new consumer'),
    },
  }),
})

export const listFeedConsumers = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'listFeedConsumers',
    tags: TAGS,
    summary: 'List the consumers of the feeds',
    description: 'All of them, by name, with their health and lag. There are at most 50.',
    method: 'get',
    path: '/feed/consumers',
    responses: {
      200: jsonResponse(z.object({ items: z.array(consumerSchema) }), 'All consumers', {
        example: { items: [feedConsumerExample] },
      }),
    },
  }),
})

export const getFeedConsumer = operation({
  scope: 'operations',
  problems: ['consumer_not_found'],
  route: createRoute({
    operationId: 'getFeedConsumer',
    tags: TAGS,
    summary: 'Read where a consumer is',
    description: 'Always current: the lag is measured in every partition.',
    method: 'get',
    path: '/feed/consumers/{name}',
    ...atConsumer,
    responses: { 200: consumerResponse('The consumer') },
  }),
})

export const removeFeedConsumer = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'removeFeedConsumer',
    tags: TAGS,
    summary: 'Remove a consumer of the feed',
    description: 'Its position is forgotten. The feed stays on. A repeated call has no further effect.',
    method: 'delete',
    path: '/feed/consumers/{name}',
    ...atConsumer,
    responses: { 204: { description: 'There is no such consumer any more' } },
  }),
})

export const seekFeedConsumer = operation({
  scope: 'operations',
  problems: ['consumer_not_found', 'order_not_found', 'order_id_ambiguous'],
  route: createRoute({
    operationId: 'seekFeedConsumer',
    tags: TAGS,
    summary: 'Move a consumer to another place',
    description:
      'The consumer goes on from there, back or forth. Its lease ends: the holder leases again. What is before the place and was not delivered is left out. A consumer of the products takes `at` alone.',
    method: 'post',
    path: '/feed/consumers/{name}/seek',
    request: { params: consumerParam, body: jsonBody(startSchema, true, { at: 'oldest' }) },
    responses: { 200: consumerResponse('The consumer at its new place') },
  }),
})

export const pauseFeedConsumer = operation({
  scope: 'operations',
  problems: ['consumer_not_found'],
  route: createRoute({
    operationId: 'pauseFeedConsumer',
    tags: TAGS,
    summary: 'Pause a consumer',
    description:
      'Its lease ends, and it cannot be leased until it is resumed. What comes meanwhile is delivered then.',
    method: 'post',
    path: '/feed/consumers/{name}/pause',
    ...atConsumer,
    responses: { 200: consumerResponse('It is paused') },
  }),
})

export const resumeFeedConsumer = operation({
  scope: 'operations',
  problems: ['consumer_not_found'],
  route: createRoute({
    operationId: 'resumeFeedConsumer',
    tags: TAGS,
    summary: 'Resume a consumer',
    description: 'It goes on from where it was. A repeated call has no further effect.',
    method: 'post',
    path: '/feed/consumers/{name}/resume',
    ...atConsumer,
    responses: { 200: consumerResponse('It is not paused') },
  }),
})

export const testFeedConsumer = operation({
  scope: 'operations',
  problems: ['consumer_not_found'],
  route: createRoute({
    operationId: 'testFeedConsumer',
    tags: TAGS,
    summary: 'Send a test event through a consumer',
    description:
      'The next page of the consumer is one event of type `FeedTested`, whatever types it wants. Its lease ends, so that the holder leases again and finds it: the page that it is delivering now is then delivered once more.',
    method: 'post',
    path: '/feed/consumers/{name}/test',
    ...atConsumer,
    responses: {
      202: jsonResponse(z.object({ eventId: z.string() }), 'The event is on its way', {
        example: { eventId: '01m84cect7ws6kqky32zvfd1pr/FeedTested' },
      }),
    },
  }),
})
