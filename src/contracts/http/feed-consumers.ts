import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { EVENTS, type EventType } from '../events.ts'
import {
  CONSUMER_NAME,
  consumerLeaseExample,
  feedConsumerExample,
  leaseTokenExample,
} from '../examples/feed-consumers.ts'
import { nameField, orderIdField, timestampField, timestampView } from '../fields.ts'
import { FEED_CURSOR_LENGTH_MAX } from './feed-page.ts'
import { jsonBody, jsonResponse, operation } from './operation.ts'

const LEASE_SECONDS = 30
/** A holder that is gone is replaced after so long. */
const LEASE_SECONDS_MAX = 600
const ERROR_LENGTH_MAX = 1_000

const EVENT_TYPES = Object.keys(EVENTS) as [EventType, ...EventType[]]

const consumerParam = z.object({
  name: nameField.meta({ description: 'The name of the consumer.', examples: [CONSUMER_NAME] }),
})

const typesField = z.array(z.enum(EVENT_TYPES)).min(1).max(EVENT_TYPES.length)

const startFields = {
  at: z
    .enum(['oldest', 'now'])
    .optional()
    .meta({ description: '`oldest`: all that is kept. `now`: only what comes from now on.' }),
  time: timestampField.optional().meta({
    description:
      'Of the orders: what took effect from this time on, and some that came before. If the feed was off then, all that is kept.',
  }),
  orderId: orderIdField.optional().meta({
    description: 'Of the orders: what took effect since this order was placed, as for a time.',
  }),
}

const isOneStart = (start: Readonly<Record<string, unknown>>): boolean =>
  Object.values(start).filter((value) => value !== undefined).length === 1

const ONE_START = 'must have one of at, time and orderId'

const startSchema = z.strictObject(startFields).refine(isOneStart, ONE_START).meta({ id: 'FeedStart' })

export type FeedStartBody = z.infer<typeof startSchema>

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

const cursorField = z.string().min(1).max(FEED_CURSOR_LENGTH_MAX)

const tokenField = z.string().min(1).max(64)

const leaseSchema = z
  .strictObject({
    holder: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .meta({ description: 'What the holder calls itself, such as its host.' }),
    seconds: z
      .int()
      .min(1)
      .max(LEASE_SECONDS_MAX)
      .default(LEASE_SECONDS)
      .meta({ description: 'How long the lease lasts without a commit.' }),
    lease: tokenField.optional().meta({ description: 'The token of the lease that is to be renewed.' }),
  })
  .meta({ id: 'LeaseFeedConsumer' })

const commitSchema = z
  .strictObject({
    lease: tokenField.meta({ description: 'The token of the lease.' }),
    cursor: cursorField
      .optional()
      .meta({ description: 'Everything before it is delivered: the `Next-Cursor` of a page.' }),
    error: z
      .string()
      .min(1)
      .max(ERROR_LENGTH_MAX)
      .optional()
      .meta({ description: 'Why nothing could be delivered. The cursor stays where it is.' }),
  })
  .refine(
    ({ cursor, error }) => (cursor === undefined) !== (error === undefined),
    'must have one of cursor and error',
  )
  .meta({ id: 'CommitFeedConsumer' })

const feedView = z.enum(['orders', 'products']).meta({
  description: 'The feed that it follows: `GET /feed/orders` or `GET /feed/products`.',
})

const consumerSchema = z
  .object({
    name: z.string(),
    feed: feedView,
    types: z.array(z.string()).optional(),
    health: z.enum(['healthy', 'retrying', 'blocked', 'paused']).meta({
      description:
        '`retrying`: it has reported a failure since its last commit. `blocked`: its cursor is refused, so it gets no events until it is moved. `paused`: it cannot be leased.',
    }),
    cursor: z.string().meta({ description: 'Everything before it is delivered.' }),
    lag: z
      .object({
        events: z.int().min(0).meta({
          description:
            'The events that it has yet to deliver, of all types. While it reads what was before the feed was on, an estimate that looks at the next thousand orders. Of the products, each that has changed counts once, and at most a thousand of a partition count.',
        }),
        seconds: z.number().min(0).meta({ description: 'How long ago the first of them took effect.' }),
      })
      .optional()
      .meta({
        description:
          'Not of a `blocked` consumer, and not of one of the products while the inventory service does not answer.',
      }),
    blocked: z.string().optional().meta({ description: 'Why it is blocked, and what to do.' }),
    lease: z
      .object({ holder: z.string().optional(), expiresAt: timestampView })
      .optional()
      .meta({ description: 'The last lease. It may have ended.' }),
    failures: z.int().min(0).meta({ description: 'Failures that were reported since the last commit.' }),
    lastError: z.object({ message: z.string(), at: timestampView }).optional(),
    pausedAt: timestampView.optional(),
    createdAt: timestampView,
    committedAt: timestampView.optional(),
  })
  .meta({ id: 'FeedConsumer', description: 'A reader of a feed whose cursor is kept here.' })

export type FeedConsumerView = z.infer<typeof consumerSchema>

const leasedSchema = z
  .object({
    lease: z.object({
      token: z.string().meta({ description: 'Shown with each commit.' }),
      expiresAt: timestampView,
    }),
    feed: feedView,
    cursor: z.string().meta({ description: 'The `after` of the next page.' }),
    types: z.array(z.string()).optional().meta({ description: 'The `types` of the next page.' }),
  })
  .meta({ id: 'FeedLease' })

export type FeedLeaseView = z.infer<typeof leasedSchema>

const TAGS = ['Feed']

const consumerResponse = (description: string) =>
  jsonResponse(consumerSchema, description, { example: feedConsumerExample })

const leaseResponse = (description: string) =>
  jsonResponse(leasedSchema, description, { example: consumerLeaseExample })

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

export const leaseFeedConsumer = operation({
  scope: 'operations',
  problems: ['consumer_not_found', 'consumer_leased', 'consumer_paused', 'lease_lost'],
  route: createRoute({
    operationId: 'leaseFeedConsumer',
    tags: TAGS,
    summary: 'Take the lease of a consumer',
    description:
      'Only the holder of the last lease can commit. While the lease of another holder lasts, the response is 409 `consumer_leased`. A holder of the same name gets a new lease at once, and the old one is lost: so a process that comes back after a crash need not wait. With `lease`, the holder renews its own; 409 `lease_lost` then means that it has to begin again from the cursor of a new lease.',
    method: 'post',
    path: '/feed/consumers/{name}/lease',
    request: {
      params: consumerParam,
      body: jsonBody(leaseSchema, false, { holder: 'bridge-1', seconds: LEASE_SECONDS }),
    },
    responses: { 200: leaseResponse('The lease, and where to read on') },
  }),
})

export const commitFeedConsumer = operation({
  scope: 'operations',
  problems: ['consumer_not_found', 'lease_lost', 'feed_cursor_refused'],
  route: createRoute({
    operationId: 'commitFeedConsumer',
    tags: TAGS,
    summary: 'Say what was delivered, or why it was not',
    description:
      'With `cursor`, everything before it is delivered. With `error`, the consumer is `retrying`, and its cursor stays. Either renews the lease. A holder whose lease another one has taken gets 409 `lease_lost`, as after a seek, a pause or a test: it leases again.',
    method: 'post',
    path: '/feed/consumers/{name}/commit',
    request: {
      params: consumerParam,
      body: jsonBody(commitSchema, true, { lease: leaseTokenExample, cursor: feedConsumerExample.cursor }),
    },
    responses: { 200: leaseResponse('The renewed lease') },
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
