import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { consumerLeaseExample, feedConsumerExample, leaseTokenExample } from '../examples/feed-consumers.ts'
import { timestampView } from '../fields.ts'
import { consumerParam, feedView } from './feed-consumer-schemas.ts'
import { FEED_CURSOR_LENGTH_MAX } from './feed-page.ts'
import { jsonBody, jsonResponse, operation } from './operation.ts'

const LEASE_SECONDS = 30
/** A holder that is gone is replaced after so long. */
const LEASE_SECONDS_MAX = 600
const ERROR_LENGTH_MAX = 1_000

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

const leaseResponse = (description: string) =>
  jsonResponse(leasedSchema, description, { example: consumerLeaseExample })

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
