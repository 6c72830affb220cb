import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { EVENTS, type EventType } from '../events.ts'
import { replayExample } from '../examples/replays.ts'
import { timestampField } from '../fields.ts'
import { PAGE_SIZE_MAX, timedPageQuery } from '../paging.ts'
import { REPLAYABLE } from '../replay.ts'
import type { Service } from '../topology.ts'
import { jsonBody, jsonResponse, operation } from './operation.ts'

const SUBSCRIBERS = Object.keys(REPLAYABLE) as [Service, ...Service[]]

const isReplayable = (to: Service, type: EventType): boolean =>
  (REPLAYABLE[to] as readonly EventType[]).includes(type)

const wantedReplaySchema = z
  .strictObject({
    to: z.enum(SUBSCRIBERS).meta({
      description: 'The service that gets the events again. `operations` hands them to webhooks.',
    }),
    orderIds: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(PAGE_SIZE_MAX)
      .optional()
      .meta({ description: 'The orders, by either of their ids. Without them, those of a time.' }),
    types: z
      .array(z.enum(Object.keys(EVENTS) as [EventType, ...EventType[]]))
      .min(1)
      .optional()
      .meta({ description: 'Only events of these types. Without them, all that `to` gets.' }),
    placedAfter: timestampField
      .optional()
      .meta({ description: 'Only orders that were placed at this time or later.' }),
    placedBefore: timestampField
      .optional()
      .meta({ description: 'Only orders that were placed before this time.' }),
    limit: z
      .int()
      .min(1)
      .max(PAGE_SIZE_MAX)
      .optional()
      .meta({ description: 'The orders of one call, 100 where it is not given.' }),
    cursor: timedPageQuery.cursor,
    dryRun: z.boolean().optional().meta({ description: 'Only counts: nothing is sent.' }),
    reason: z.string().min(1).max(500).optional(),
  })
  .superRefine(({ to, types, orderIds, placedAfter, placedBefore, cursor }, context) => {
    const fault = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    const isByTime = [placedAfter, placedBefore, cursor].some((field) => field !== undefined)
    if (orderIds === undefined && placedAfter === undefined)
      fault(['placedAfter'], 'is missing: give it or orderIds')
    if (orderIds !== undefined && isByTime) fault(['orderIds'], 'cannot be combined with a time or a cursor')
    for (const [index, type] of (types ?? []).entries())
      if (!isReplayable(to, type)) fault(['types', index], `is not sent to ${to}`)
  })
  .meta({ id: 'WantedReplay' })

export type WantedReplayBody = z.infer<typeof wantedReplaySchema>

const replaySchema = z
  .object({
    to: z.enum(SUBSCRIBERS),
    dryRun: z.boolean(),
    orders: z.int().min(0).meta({ description: 'The orders that were looked at.' }),
    events: z.int().min(0).meta({ description: 'The events that were sent, or would be.' }),
    heldBack: z.int().min(0).meta({
      description:
        'Events that were asked for and are not sent: of an order that is not settled, all but its last decision; to webhooks, those older than six days.',
    }),
    notFound: z.array(z.string()).meta({ description: 'The ids of `orderIds` that no order has.' }),
    nextCursor: z
      .string()
      .optional()
      .meta({ description: 'Hand it back as `cursor` to go on. The last portion has none.' }),
  })
  .meta({ id: 'Replay' })

export const replayEvents = operation({
  scope: 'operations',
  problems: ['order_id_ambiguous', 'idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'replayEvents',
    tags: ['Replays'],
    summary: 'Send events to a service once more',
    description:
      'The events of some orders, or of those placed in a time, oldest order first, a portion in each call. They keep their ids. A service that has handled them does nothing again; one that has lost them does what is missing. The orders of a time come from the list of orders, which is two to three seconds behind. The caller decides how fast the portions follow each other.',
    method: 'post',
    path: '/replays',
    request: {
      body: jsonBody(wantedReplaySchema, true, { to: 'payment', placedAfter: '2026-11-23T14:00:00Z' }),
    },
    responses: {
      200: jsonResponse(replaySchema, 'The events are on their way', { example: replayExample }),
    },
  }),
})
