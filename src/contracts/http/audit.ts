import { createRoute } from '@hono/zod-openapi'
import { z } from 'zod'
import { auditExample } from '../examples/audit.ts'
import { LAW_NAMES, LAWS } from '../laws.ts'
import { PAGE_SIZE_MAX, pageQuery } from '../paging.ts'
import { jsonResponse, operation } from './operation.ts'

const auditQuery = z.strictObject({
  ...pageQuery,
  limit: pageQuery.limit
    .unwrap()
    .default(PAGE_SIZE_MAX)
    .meta({ description: 'How many orders a page checks at most.' }),
})

const lawView = z
  .object({
    name: z.enum(LAW_NAMES).meta({
      description: LAW_NAMES.map((name) => `\`${name}\`: ${LAWS[name]}.`).join(' '),
    }),
    drift: z.number().min(0).meta({
      description:
        'The sum of all differences on this page: units of stock, money in major units, or a count of legs. 0 where the law adds up.',
    }),
    broken: z
      .array(
        z.object({
          id: z.string().meta({ description: 'The unique id of the order, or the id of the product.' }),
          what: z.string(),
          expected: z.number(),
          actual: z.number(),
          currency: z.string().optional(),
        }),
      )
      .meta({ description: 'Where it does not add up; the first hundred of a page.' }),
  })
  .meta({ id: 'Law' })

const auditSchema = z
  .object({
    laws: z.array(lawView),
    checked: z
      .object({
        products: z.int(),
        orders: z.int(),
        payments: z.int().meta({ description: "Payments that were compared with the bank's books." }),
        underWay: z.int().meta({ description: 'Orders that are not settled, or changed meanwhile.' }),
        unread: z.int().meta({ description: 'Payments whose books the bank did not tell.' }),
      })
      .meta({ description: 'What this page looked at.' }),
    nextCursor: z
      .string()
      .optional()
      .meta({ description: 'Hand it back as `cursor` to get the next page. The last page has none.' }),
  })
  .meta({ id: 'Audit' })

export const getAudit = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'getAudit',
    tags: ['Audit'],
    summary: 'Check the conservation laws of stock and money',
    description:
      "The laws are computed again from the partitions of all services and from the bank's books, a page at a time: first the stock of all products, then the orders by their ids. A small system is one page. A page has its own drift; a law holds where its drift is 0 on every page. Orders go on meanwhile: what is under way is counted, and not judged.",
    method: 'get',
    path: '/audit',
    request: { query: auditQuery },
    responses: { 200: jsonResponse(auditSchema, 'The laws on this page', { example: auditExample }) },
  }),
})
