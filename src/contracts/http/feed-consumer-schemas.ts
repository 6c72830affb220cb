import { z } from 'zod'
import { CONSUMER_NAME, feedConsumerExample } from '../examples/feed-consumers.ts'
import { nameField, orderIdField, timestampField, timestampView } from '../fields.ts'
import { jsonResponse } from './operation.ts'

export const consumerParam = z.object({
  name: nameField.meta({ description: 'The name of the consumer.', examples: [CONSUMER_NAME] }),
})

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

/** Where a consumer begins, or is moved to. */
export const startSchema = z.strictObject(startFields).refine(isOneStart, ONE_START).meta({ id: 'FeedStart' })

export type FeedStartBody = z.infer<typeof startSchema>

export const feedView = z.enum(['orders', 'products']).meta({
  description: 'The feed that it follows: `GET /feed/orders` or `GET /feed/products`.',
})

export const consumerSchema = z
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

/** The consumer as it is after the call. */
export const consumerResponse = (description: string) =>
  jsonResponse(consumerSchema, description, { example: feedConsumerExample })
