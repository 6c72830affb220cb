import type { Context } from 'hono'
import type { List } from '../../contracts/http/lists.ts'
import type { IdempotentRequest } from '../../messaging/idempotency.ts'
import type { Restarted } from '../../messaging/list-filling.ts'
import type { Log } from '../../messaging/partition.ts'
import type { CallerVariables } from './caller.ts'
import { badKey, keyedRequest, replayed } from './idempotency-key.ts'
import { problem } from './problem.ts'
import type { TraceVariables } from './trace.ts'

type Rebuild = {
  list: List
  /** In each partition: begins to list all that it has again. Objects of an earlier version return nothing. */
  partitions: readonly ((request?: IdempotentRequest) => Promise<Restarted | undefined>)[]
  log: Log
}

type RebuildEnv = { Variables: TraceVariables & CallerVariables }

/**
 * Has every partition list all that it has again, once for each idempotency key. The key is stored in each partition, in
 * the turn that begins its work. So a repeated request completes what the first one could not begin.
 */
export const rebuildList = async <Env extends RebuildEnv>(
  c: Context<Env>,
  { list, partitions, log }: Rebuild,
) => {
  const { client } = c.var.caller
  const request = await keyedRequest(c, client)
  if (!request.ok) return badKey(c, request.reason)
  log('info', `the list of ${list} is being filled again`, { client, traceId: c.var.traceId })
  const restarted = await Promise.all(partitions.map((restart) => restart(request.value)))
  if (restarted.some((each) => each?.ok === false)) return problem(c, 'idempotency_key_reused')
  const isReplay = restarted.every((each) => each?.ok === true && each.value.isReplay)
  return c.json({ list, partitions: partitions.length }, 202, replayed(isReplay))
}
