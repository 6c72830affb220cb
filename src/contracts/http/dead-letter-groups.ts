import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { deadLetterExample, letterGroupExample } from '../examples/operations.ts'
import { timestampField, timestampView } from '../fields.ts'
import { jsonBody, jsonResponse, operation } from './operation.ts'
import { queueField, reasonField, typeField, validationSchema } from './operations.ts'

/** More at once could flood a consumer that has only just recovered. */
const LETTERS_MAX = 100

/** A queue delays a message by twelve hours at most: the slowest rate takes a quarter of an hour for one call. */
const RATE_MIN = 0.1
const RATE_MAX = 100

const idsField = z.array(z.string().max(64)).min(1).max(LETTERS_MAX).optional().meta({
  description:
    'These letters, of the `queue` if one is named. Without it the open letters that match, oldest first.',
})

const limitField = z
  .int()
  .min(1)
  .max(LETTERS_MAX)
  .default(LETTERS_MAX)
  .meta({ description: 'How many letters one call takes at most.' })

const dryRunField = z.boolean().default(false).meta({ description: 'Only tells, and changes nothing.' })

/** What the letters of a group have in common. */
const groupFields = {
  queue: queueField.optional().meta({ description: 'Only letters from this queue.' }),
  reason: reasonField,
  type: typeField,
  error: z.string().min(1).max(4_096).optional().meta({
    description:
      'Only letters with this `error`. `*` stands for a word with a digit, as in `error` of `GET /dead-letter-groups`.',
  }),
  seenBefore: timestampField.optional().meta({
    description:
      'Only letters that were last seen before this time. With the time of the first call, a letter that fails again is not taken once more.',
  }),
}

const redriveSchema = z
  .strictObject({
    ...groupFields,
    ids: idsField,
    limit: limitField,
    dryRun: dryRunField,
    rate: z.number().min(RATE_MIN).max(RATE_MAX).optional().meta({
      description: 'How many letters of this call are delivered in a second. Without it all at once.',
    }),
  })
  .meta({ id: 'RedriveDeadLetters' })

const discardLettersSchema = z
  .strictObject({
    reason: z.string().min(1).max(500).meta({ description: 'Why they are discarded.' }),
    letters: z
      .strictObject({ ...groupFields, ids: idsField })
      .refine(
        ({ seenBefore: _time, ...named }) => Object.values(named).some((value) => value !== undefined),
        'must name letters: by ids, queue, reason, type or error',
      )
      .meta({ description: 'Which letters: these ids, or the open ones that match, oldest first.' }),
    limit: limitField,
    dryRun: dryRunField,
  })
  .meta({ id: 'DiscardDeadLetters' })

const letterGroupSchema = z
  .object({
    queue: queueField,
    reason: z.string(),
    error: z.string().meta({
      description:
        'Their error. Where they differ in ids and numbers, `*` stands for each word with a digit.',
    }),
    letters: z.int().min(1),
    firstSeenAt: timestampView,
    lastSeenAt: timestampView,
    sampleId: z.string().meta({ description: 'The id of one of them.' }),
  })
  .meta({ id: 'DeadLetterGroup' })

const redrivenSchema = z
  .object({
    redriven: z
      .array(z.string())
      .meta({ description: 'The ids of what was sent again. Empty in a dry run.' }),
    remaining: z.int().min(0).optional().meta({
      description:
        'Letters that match and were not sent by this call, counted up to 10 000. Absent with `ids`.',
    }),
    seconds: z
      .int()
      .min(0)
      .optional()
      .meta({ description: 'Only with `rate`: after how many seconds the last of them is delivered.' }),
    plan: z
      .object({
        ids: z.array(z.string()).meta({ description: 'What would be sent again.' }),
        invalid: z
          .array(z.object({ id: z.string(), errors: validationSchema.shape.errors }))
          .meta({ description: 'Those among them that no consumer can read: they would fail again.' }),
      })
      .optional()
      .meta({ description: 'Only in a dry run.' }),
  })
  .meta({ id: 'RedrivenDeadLetters' })

export type RedrivenLetters = z.infer<typeof redrivenSchema>

const discardedSchema = z
  .object({
    discarded: z
      .array(z.string())
      .meta({ description: 'The ids of what was discarded. Empty in a dry run.' }),
    remaining: z.int().min(0).optional().meta({
      description: 'Letters that match and are still open, counted up to 10 000. Absent with `ids`.',
    }),
  })
  .meta({ id: 'DiscardedDeadLetters' })

export const listDeadLetterGroups = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'listDeadLetterGroups',
    tags: ['Dead letters'],
    summary: 'Group dead letters by queue, reason and error',
    description: 'The largest group first. It counts the newest 10 000 letters, and shows up to 100 groups.',
    method: 'get',
    path: '/dead-letter-groups',
    request: {
      query: z.strictObject({
        queue: queueField.optional(),
        status: z.enum(['open', 'redriven', 'discarded']).default('open'),
      }),
    },
    responses: {
      200: jsonResponse(
        z.object({
          groups: z.array(letterGroupSchema),
          hasMore: z.boolean().meta({ description: 'There are more letters or groups than these.' }),
        }),
        'The groups',
        { example: { groups: [letterGroupExample], hasMore: false } },
      ),
    },
  }),
})

export const redriveDeadLetters = operation({
  scope: 'operations',
  problems: ['idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'redriveDeadLetters',
    tags: ['Dead letters'],
    summary: 'Send several dead letters again',
    description:
      'Each goes to its inbox again under its own id, so that it takes effect once. Of two variants the newest goes. Letters whose payment token was erased are left out. With a `rate` the queue delays them, so that the response does not wait. A dry run checks each event against its schema.',
    method: 'post',
    path: '/dead-letters/redrive',
    request: { body: jsonBody(redriveSchema, false, { queue: 'inventory-inbox', limit: 10 }) },
    responses: {
      200: jsonResponse(redrivenSchema, 'Sent again', {
        example: { redriven: [deadLetterExample.id], remaining: 0 },
      }),
    },
  }),
})

export const discardDeadLetters = operation({
  scope: 'operations',
  problems: ['idempotency_key_reused', 'request_in_progress'],
  route: createRoute({
    operationId: 'discardDeadLetters',
    tags: ['Dead letters'],
    summary: 'Give several dead letters up, with a reason',
    description:
      'Each is discarded as by `POST /dead-letters/{id}/discard`, with its own entry in the audit log.',
    method: 'post',
    path: '/dead-letters/discard',
    request: {
      body: jsonBody(discardLettersSchema, true, {
        reason: 'a test of the web shop',
        letters: { queue: 'inventory-inbox', reason: 'unknown_type' },
      }),
    },
    responses: {
      200: jsonResponse(discardedSchema, 'Kept, and never to be sent again', {
        example: { discarded: [deadLetterExample.id], remaining: 0 },
      }),
    },
  }),
})
