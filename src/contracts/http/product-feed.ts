import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { productStateExample } from '../examples/product-feed.ts'
import { amountView, currencyView, productIdField, timestampView } from '../fields.ts'
import { feedPageQuery, feedPageResponse } from './feed-page.ts'
import { operation } from './operation.ts'

const productStateView = z
  .object({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.literal('ProductState'),
    schemaversion: z.int(),
    subject: productIdField,
    datacontenttype: z.literal('application/json'),
    data: z.object({
      ...{ productId: productIdField, name: z.string(), unitPrice: amountView, currency: currencyView },
      onHand: z.int(),
      reserved: z.int().meta({ description: 'Of these, promised to orders.' }),
      available: z.int().meta({ description: 'What new orders can have.' }),
    }),
    partitionkey: z
      .string()
      .meta({ description: "The product's id. Versions with the same key are in order." }),
    sequence: z
      .string()
      .regex(/^\d{10,}$/)
      .meta({
        description:
          'The version of the product. It grows with each change of the product or its stock; versions between two that came are replaced by the later one.',
      }),
  })
  .meta({ id: 'ProductState', description: 'A CloudEvent: a product and its stock, as they were then.' })

const feedTestedView = z
  .object({
    ...{ specversion: z.literal('1.0'), id: z.string(), source: z.string(), type: z.literal('FeedTested') },
    ...{ schemaversion: z.int(), subject: z.string(), time: timestampView },
    ...{ datacontenttype: z.literal('application/json'), data: z.object({}) },
    ...{ partitionkey: z.string(), sequence: z.string() },
  })
  .meta({
    id: 'FeedTested',
    description:
      'A CloudEvent that says nothing: an operator tests the way of a consumer. It comes only after the cursor of that consumer.',
  })

export const readProductFeed = operation({
  scope: 'inventory:read',
  problems: ['feed_cursor_refused'],
  route: createRoute({
    operationId: 'readProductFeed',
    tags: ['Feed'],
    summary: 'Read all products with their stock, and then each change',
    description:
      'A batch of CloudEvents of one type, `ProductState`: a product with its name, price and stock. Without `after` it begins with all products. `Next-Cursor` is the `after` of the next call; store it once you have stored the events. Each product that changed comes again, in its newest version. Versions of a product come in order; a version may come more than once, and those that a later one has replaced do not come. The first read switches the feed on, which costs a written row for each change of a product or its stock from then on, until `DELETE /feed/products`.',
    method: 'get',
    path: '/feed/products',
    request: { query: z.strictObject(feedPageQuery) },
    responses: {
      200: feedPageResponse(z.union([productStateView, feedTestedView]), {
        description: 'The next versions; an empty list where there are none yet',
        example: productStateExample,
      }),
    },
  }),
})

export const switchProductFeedOff = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'switchProductFeedOff',
    tags: ['Feed'],
    summary: 'Switch the product feed off',
    description:
      'Changes of products and stock cost what they cost before. Every cursor of this feed until now is refused from now on: the next reader begins anew, without `after`, and so switches the feed on again. A repeated call has no further effect.',
    method: 'delete',
    path: '/feed/products',
    responses: { 204: { description: 'The product feed is off' } },
  }),
})
