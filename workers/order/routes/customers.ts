import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { respondOnceClaimed } from '../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import {
  type Customer,
  type LetterErasureApi,
  letterErasureSchema,
} from '../../../src/contracts/customer-erasure.ts'
import { eraseCustomer } from '../../../src/contracts/http/customers.ts'
import { encodeCursor } from '../../../src/contracts/paging.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { ErasureReply, ErasureRequest } from '../../../src/order/partition/customer-erasure.ts'
import { eraseFromFormerLists } from '../former-lists.ts'
import type { OrderPartitions } from '../order-partitions.ts'
import { hasArchive } from '../retention.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** What one portion did. `next` is where its part goes on; undefined where the part is done. */
type Portion = { orders: string[]; waiting: string[]; deadLetters: number; next?: string | undefined }

/** A part of the stored data, which is gone through in portions. */
type Part = { name: string; erase(after: string, isDryRun: boolean): Promise<Portion> }

/** Erases what is stored about a customer: partition by partition, then in lists and dead letters. */
export const customerRoutes = (log: Log) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, eraseCustomer, async (c) => {
    const { client, customerId, cursor, dryRun = false } = c.req.valid('json')
    const asked = askedPage('erasure', { client, customerId, dryRun, limit: 1, cursor })
    if (!asked.ok) return badCursor(c, asked.reason)
    const parts = partsOf(c.env, c.var.orderPartitions, { client, customerId })
    const [name, after] = asked.value.after ?? [parts[0]?.name, '']
    const index = parts.findIndex((part) => part.name === name)
    const part = parts[index]
    if (part === undefined)
      return badCursor(c, 'names a part that is no longer there: begin without a cursor')
    const requester = { client: c.var.caller.client, database: c.env.ORDERS_DB }
    return await respondOnceClaimed<typeof eraseCustomer>(c, requester, async () => {
      const portion = await part.erase(after, dryRun).catch((error: unknown) => {
        log('error', 'data about a customer could not be erased', {
          ...{ part: part.name, traceId: c.var.traceId, error: String(error) },
        })
        return undefined
      })
      if (portion === undefined) return notErased(c)
      const { next, ...done } = portion
      const position = next === undefined ? beginningOf(parts[index + 1]) : ([part.name, next] as const)
      const body = {
        ...{ dryRun, ...done, progress: { part: part.name, number: index + 1, of: parts.length } },
        ...(position !== undefined && { nextCursor: encodeCursor({ list: asked.value.list, position }) }),
      }
      return { status: 200, body, statements: [] }
    })
  })

  return app
}

const beginningOf = (part: Part | undefined) => part && ([part.name, ''] as const)

/** Dead letters are last: an order that is erased before can bring no new one. */
const partsOf = (env: OrderEnv, partitions: OrderPartitions, customer: Customer): Part[] => [
  ...partitions.labels.map((label) =>
    partOf(`orders-${label}`, customer, (wanted) => partitions.eraseCustomer(label, wanted)),
  ),
  // After all partitions: an order may leave meanwhile.
  ...(hasArchive(env) ? partitions.labels : []).map((label) =>
    partOf(`archive-${label}`, customer, (wanted) => partitions.eraseFromArchive(label, wanted)),
  ),
  {
    name: 'former-lists',
    erase: async (_after, isDryRun) => {
      const { isDone } = isDryRun ? { isDone: true } : await eraseFromFormerLists(env, customer)
      return { ...NOTHING, next: isDone ? undefined : '' }
    },
  },
  {
    name: 'dead-letters',
    erase: async (after, isDryRun) => {
      // In the generated types, a binding to a named entrypoint has no methods.
      const operations = env.OPERATIONS as unknown as LetterErasureApi
      const reply = await operations.eraseFromLetters({ customer, after, isDryRun })
      const { erased, next } = letterErasureSchema.parse(reply)
      return { ...NOTHING, deadLetters: erased, next }
    },
  },
]

/** A part of one order partition. */
const partOf = (
  name: string,
  customer: Customer,
  eraseIn: (wanted: ErasureRequest) => Promise<ErasureReply>,
): Part => ({
  name,
  erase: async (after, isDryRun) => {
    const { erased, waiting, next } = await eraseIn({ customer, after, isDryRun })
    return { ...NOTHING, orders: erased, waiting, next }
  },
})

const NOTHING = { orders: [], waiting: [], deadLetters: 0 } satisfies Portion

const notErased = (c: Parameters<typeof problem>[0]) =>
  problem(c, 'unavailable', {
    detail: 'A part of the system did not answer. What was erased stays erased. Repeat the request.',
    headers: { 'retry-after': '5' },
  })
