import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import { keepAlive } from '../../../../src/cloudflare/http/keep-alive.ts'
import { problem } from '../../../../src/cloudflare/http/problem.ts'
import { bodyOf } from '../../../../src/cloudflare/http/request-body.ts'
import { newUlid } from '../../../../src/cloudflare/new-ulid.ts'
import { within } from '../../../../src/cloudflare/within.ts'
import {
  type AuditApi,
  type AuditDetails,
  type AuditEntry,
  withoutSecrets,
} from '../../../../src/contracts/audit-entry.ts'
import { namesOrder, type Operation } from '../../../../src/contracts/http/operation.ts'
import { SECOND_MS, toTimestamp } from '../../../../src/kernel/instant.ts'
import type { Log } from '../../../../src/messaging/partition.ts'
import type { OrderRoutesEnv } from '../../variables.ts'
import { callInnerWorker } from '../inner-workers.ts'
import { type BegunCall, entryAfter } from './audit-end.ts'
import { dropEntries, type Forward, storeEntry } from './audit-outbox.ts'
import type { AuditedCall, Json, Params } from './audited-calls.ts'

type EdgeContext = Context<OrderRoutesEnv>

const STORE_MS_MAX = 5 * SECOND_MS

/**
 * Logs one call. Its entry is stored before the call goes on, so no effect is without an entry: where it cannot be
 * stored, the call is refused. When the call has ended, its entry goes to the operations Worker. What cannot be forwarded
 * now, the cron trigger forwards.
 */
export const auditCall = (audited: AuditedCall, log: Log) =>
  createMiddleware<OrderRoutesEnv>(async (c, next) => {
    const request = await validRequestOf(c, audited.call)
    // The call's own handler refuses what has faults, and names them. A dry run changes nothing.
    if (request === undefined || request['dryRun'] === true) return await next()
    const params = paramsOf(c, audited.call)
    const entry = entryBefore(c, audited, { params, request })
    const about = { kind: entry.kind, action: entry.action, subject: entry.subject, traceId: c.var.traceId }
    const [isStored, before] = await Promise.all([
      within(STORE_MS_MAX, 'storing an audit entry', storeEntry(c.env.ORDERS_DB, entry)).then(
        () => true,
        (error: unknown) => {
          log('error', 'a call is refused: it cannot be logged', { ...about, error: String(error) })
          return false
        },
      ),
      readBefore(c, audited, params).catch(() => undefined),
    ])
    if (!isStored) return cannotBeLogged(c)
    await next()
    const ended = keepEnd(c, audited, { entry, params, request, before }).catch((error: unknown) =>
      log('warn', 'an audit entry is forwarded later', { ...about, error: String(error) }),
    )
    keepAlive(c, ended)
    return await ended
  })

/** Hands entries to the log of the operations Worker. */
export const forwardTo =
  (env: Pick<OrderEnv, 'OPERATIONS'>): Forward =>
  async (entries) => {
    // In the generated types, a binding to a named entrypoint has no methods.
    const operations = env.OPERATIONS as unknown as AuditApi
    await within(STORE_MS_MAX, 'forwarding audit entries', operations.keepAuditEntries(entries))
  }

/**
 * What was asked for: the body as its schema reads it, or the query of a call that takes no body. An empty object where the
 * call takes neither. Undefined where it has faults.
 */
const validRequestOf = async (c: EdgeContext, { route }: Operation): Promise<Json | undefined> => {
  const media = route.request?.body?.content['application/json']
  const schema = media !== undefined && 'schema' in media ? media.schema : undefined
  if (schema instanceof z.ZodType) return validOf(schema, (await bodyOf(c)).value ?? {})
  const query = route.request?.query
  return query instanceof z.ZodType ? validOf(query, c.req.query()) : {}
}

const validOf = (schema: z.ZodType, value: unknown): Json | undefined => {
  const checked = schema.safeParse(value)
  return checked.success ? (checked.data as Json) : undefined
}

const paramsOf = (c: EdgeContext, call: Operation): Params => ({
  ...c.req.param(),
  ...(namesOrder(call) && { orderId: c.get('orderId') }),
})

const entryBefore = (
  c: EdgeContext,
  { kind, action, subject, asked }: AuditedCall,
  { params, request }: Pick<BegunCall, 'params' | 'request'>,
): AuditEntry => {
  const { client, keyId, person } = c.get('caller')
  const now = Date.now()
  const { reason } = request
  return {
    ...{ id: newUlid(now), at: toTimestamp(now), client, kind, action, subject: subject(params, {}) },
    ...(keyId !== undefined && { keyId }),
    ...(person !== undefined && { person }),
    ...(typeof reason === 'string' && { reason: withoutSecrets(reason) }),
    outcome: 'unknown',
    ...(asked !== undefined && { after: asked(request) }),
  }
}

/** The subject as the caller may see it. Undefined where there is none, or it cannot be read just now. */
const readBefore = async (
  c: EdgeContext,
  { read, before }: AuditedCall,
  params: Params,
): Promise<AuditDetails | undefined> => {
  if (read === undefined || before === undefined) return undefined
  const subject = read.from === 'order' ? await readOrder(c) : await readFrom(c, read.from, read.path(params))
  return subject && before(subject)
}

const readOrder = async (c: EdgeContext): Promise<Json | undefined> => {
  const { orderId, orderPartitions, caller } = c.var
  const order = await orderPartitions.of(orderId)?.get(orderId, caller)
  return order && { ...order }
}

const readFrom = async (
  c: EdgeContext,
  from: Parameters<typeof callInnerWorker>[1],
  path: string,
): Promise<Json | undefined> => {
  const request = new Request(new URL(path, c.req.url), {
    headers: { traceparent: c.get('traceparent') },
  })
  const response = await callInnerWorker(c.env, from, (worker) => worker.handle(request, c.get('caller')))
  return response?.ok ? await response.json() : undefined
}

/** The entry leaves this database once it is in the log. */
const keepEnd = async (c: EdgeContext, audited: AuditedCall, begun: BegunCall): Promise<void> => {
  const database = c.env.ORDERS_DB
  const entry = await entryAfter(audited, begun, c.res)
  if (entry !== undefined) {
    await forwardTo(c.env)([entry]).catch(async (error: unknown) => {
      await storeEntry(database, entry)
      throw error
    })
  }
  await dropEntries(database, [begun.entry.id])
}

const cannotBeLogged = (c: EdgeContext) =>
  problem(c, 'unavailable', {
    detail: 'The audit log cannot be written just now, so nothing was done. Try again in some seconds.',
    headers: { 'retry-after': '5' },
  })
