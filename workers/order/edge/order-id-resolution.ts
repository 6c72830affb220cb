import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { faultyProblem, problem } from '../../../src/cloudflare/http/problem.ts'
import { actsForAll } from '../../../src/contracts/caller.ts'
import { labelField } from '../../../src/contracts/fields.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/**
 * For calls that name an order: resolves its unique id once, and every later step uses that id. The bearer of a read token
 * names the order by the id that the token is sealed for.
 */
export const resolveOrderId = createMiddleware<OrderRoutesEnv>(async (c, next) => {
  const id = c.req.param('orderId') ?? ''
  const client = c.req.query('client')
  if (client !== undefined && !labelField.safeParse(client).success) {
    return faultyProblem(c, 'validation_failed', [
      { path: '/client', message: 'must have 1 to 128 characters' },
    ])
  }
  if (c.get('reader') !== undefined) {
    c.set('orderId', id)
    return await next()
  }
  const { caller, orderPartitions } = c.var
  if (client !== undefined && client !== caller.client && !actsForAll(caller)) {
    return problem(c, 'forbidden', {
      detail: 'Only a key with the scope operations may name orders of another client.',
    })
  }
  const { orderId, clients } = await orderPartitions.find(
    id,
    client ?? (actsForAll(caller) ? undefined : caller.client),
  )
  if (clients.length > 1) return ambiguous(c, id, clients)
  c.set('orderId', orderId)
  return await next()
})

export const ambiguous = (c: Context, id: string, clients: readonly string[]) =>
  problem(c, 'order_id_ambiguous', {
    detail: `Several clients have an order ${id}: ${clients.join(', ')}. Choose with ?client=, or name the order by its unique id.`,
    errors: clients.map((client) => ({ path: '/client', message: client })),
  })

/** Several orders may have the id that a caller uses: in the path of an idempotency key each needs its unique id. */
export const resolvedPath = (c: Context<OrderRoutesEnv>, path: string): string =>
  path.replace('{orderId}', encodeURIComponent(c.get('orderId')))

/** The address of the call under the order's unique id, for the Worker that owns the path. */
export const resolvedUrl = (c: Context<OrderRoutesEnv>, path: string): string => {
  const url = new URL(c.req.url)
  url.pathname = resolvedPath(c, path)
  url.searchParams.delete('client')
  return url.href
}
