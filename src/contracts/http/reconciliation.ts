import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { amountView, currencyView, timestampField } from '../fields.ts'
import { pageQuery } from '../paging.ts'
import { jsonResponse, operation } from './operation.ts'

const balanceSchema = z
  .object({ heldAmount: amountView, capturedAmount: amountView, refundedAmount: amountView })
  .meta({ id: 'BankBalance' })

const differenceSchema = z
  .object({
    kind: z.enum(['missing_here', 'missing_at_bank', 'amounts_differ']),
    orderId: z.string().optional().meta({ description: 'The unique id of the order.' }),
    reference: z.string().optional().meta({ description: "The bank's id of the payment." }),
    currency: currencyView,
    here: balanceSchema.optional(),
    bank: balanceSchema.optional(),
  })
  .meta({ id: 'Difference' })

const pageSchema = z
  .object({
    differences: z.array(differenceSchema),
    checked: z.int().min(0).meta({ description: 'How many payments this page has compared.' }),
    departed: z.int().min(0).meta({
      description:
        'How many payments of the bank belong to orders that have left for the archive. They are not compared.',
    }),
    unread: z.int().min(0).meta({ description: 'About so many payments the bank did not answer.' }),
    nextCursor: z.string().optional(),
  })
  .meta({ id: 'Reconciliation' })

export const getReconciliation = operation({
  scope: 'operations',
  problems: ['unavailable'],
  route: createRoute({
    operationId: 'getReconciliation',
    tags: ['Payments'],
    summary: 'Where the bank and the payments differ',
    description:
      "Reads the bank's own list of payments and the payments of a time, page by page, and returns the differences. A page may have none and a cursor all the same. Payments with a call under way are left out, and payments of orders in the archive are only counted. Nothing is changed.",
    method: 'get',
    path: '/reconciliation',
    request: {
      query: z.strictObject({
        from: timestampField.meta({
          description: 'Payments made from then on.',
          examples: ['2026-11-23T00:00:00.000Z'],
        }),
        to: timestampField.meta({
          description: 'Payments made before.',
          examples: ['2026-11-24T00:00:00.000Z'],
        }),
        cursor: pageQuery.cursor,
      }),
    },
    responses: {
      200: jsonResponse(pageSchema, 'The differences of a page', {
        example: {
          differences: [
            {
              ...{ kind: 'missing_here', reference: 'pi_1', currency: 'USD' },
              bank: { heldAmount: 0, capturedAmount: 150, refundedAmount: 0 },
            },
          ],
          ...{ checked: 100, departed: 0, unread: 0 },
        },
      }),
    },
  }),
})
