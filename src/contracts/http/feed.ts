import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { feedEventExample } from '../examples/feed.ts'
import { clientView } from '../fields.ts'
import { headerReferences, operation } from './operation.ts'
import { eventView } from './orders.ts'

const FEED_PAGE_SIZE = 100
/** A page of as many events is at most some megabytes. */
const FEED_PAGE_SIZE_MAX = 1_000
/** Shorter than the time after which proxies give up a connection. */
const FEED_WAIT_SECONDS_MAX = 30
/** A cursor over 200 partitions is shorter, and an address may have so many characters. */
export const FEED_CURSOR_LENGTH_MAX = 14_000

export const FEED_MEDIA_TYPE = 'application/cloudevents-batch+json'

/** Where a page of a feed begins, how long it may be, and how long it may take. */
export const feedPageQuery = {
  after: z.string().min(1).max(FEED_CURSOR_LENGTH_MAX).optional().meta({
    description: 'The `Next-Cursor` of the response before. Without it, the feed begins anew.',
  }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(FEED_PAGE_SIZE_MAX)
    .default(FEED_PAGE_SIZE)
    .meta({ description: 'How many events come at most.' }),
  wait: z.coerce
    .number()
    .int()
    .min(0)
    .max(FEED_WAIT_SECONDS_MAX)
    .default(0)
    .meta({ description: 'Where there are no events, wait so many seconds for the next one.' }),
}

const feedEventView = eventView
  .extend({
    client: clientView,
    partitionkey: z
      .string()
      .meta({ description: "The order's unique id. Events with the same key are in order." }),
    sequence: z
      .string()
      .regex(/^\d{6,}$/)
      .meta({ description: 'Counts the events of the order from 1 on. The same number is the same event.' }),
  })
  .meta({ id: 'FeedEvent', description: 'A CloudEvent of any order.' })

export const readOrderFeed = operation({
  scope: 'operations',
  problems: ['feed_cursor_refused'],
  route: createRoute({
    operationId: 'readOrderFeed',
    tags: ['Feed'],
    summary: 'Read the events of all orders, from the oldest on',
    description:
      'A batch of CloudEvents, as in [HTTP Feeds](https://www.http-feeds.org). Without `after` it begins at the oldest order. `Next-Cursor` is the `after` of the next call; store it once you have stored the events. No event is missing, and those of one order come in the order in which they took effect. An event may come more than once: skip a `sequence` that you have. The first read switches the feed on, which costs a written row for each change of an order from then on, until `DELETE /feed`.',
    method: 'get',
    path: '/feed/orders',
    request: {
      query: z.strictObject({
        ...feedPageQuery,
        types: z
          .string()
          .regex(/^[A-Za-z]+(,[A-Za-z]+)*$/, 'must be event types with commas between them')
          .max(1_024)
          .optional()
          .meta({
            description:
              'Only events of these types, with commas between them. A page may then be empty although more follow: `Next-Cursor` has moved.',
          }),
      }),
    },
    responses: {
      200: {
        description: 'The next events; an empty list where there are none yet',
        headers: headerReferences(['Next-Cursor', 'Link']),
        content: {
          [FEED_MEDIA_TYPE]: { schema: z.array(feedEventView), example: [feedEventExample] },
        },
      },
    },
  }),
})

export const switchFeedOff = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'switchFeedOff',
    tags: ['Feed'],
    summary: 'Switch the feed off',
    description:
      'Orders cost what they cost before. Every cursor until now is refused from now on: the next reader begins anew, without `after`, and so switches the feed on again. A repeated call has no further effect.',
    method: 'delete',
    path: '/feed',
    responses: { 204: { description: 'The feed is off' } },
  }),
})

/** Where the next page is. */
export const nextFeedPage = (cursor: string): string => `</feed/orders?after=${cursor}>; rel="next"`
