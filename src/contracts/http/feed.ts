import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { feedEventExample } from '../examples/feed.ts'
import { clientView } from '../fields.ts'
import { feedPageQuery, feedPageResponse } from './feed-page.ts'
import { operation } from './operation.ts'
import { eventView } from './orders.ts'

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
      200: feedPageResponse(feedEventView, {
        description: 'The next events; an empty list where there are none yet',
        example: feedEventExample,
      }),
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
