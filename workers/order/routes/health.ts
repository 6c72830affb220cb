import type { Context } from 'hono'
import { type Check, createChecks } from '../../../src/cloudflare/checks.ts'
import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { keepAlive } from '../../../src/cloudflare/http/keep-alive.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { createSharedResult } from '../../../src/cloudflare/shared-result.ts'
import { within } from '../../../src/cloudflare/within.ts'
import { createWorkerParts } from '../../../src/cloudflare/worker-parts.ts'
import { getHealth, getReadiness } from '../../../src/contracts/http/health.ts'
import {
  readinessOf,
  type WorkerParts,
  type WorkerReadiness,
  workerReadinessSchema,
} from '../../../src/contracts/http/readiness.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { identify } from '../edge/authenticate.ts'
import { absenceOf, callInnerWorker, INNER_WORKERS, type InnerWorkerName } from '../edge/inner-workers.ts'
import type { KeyRing } from '../edge/keys/key-ring.ts'
import { orderReadiness, sharedSettings, stockedProducts } from '../order-readiness.ts'
import { readOrderSettings } from '../settings.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** The result for a ready system is reused for five seconds. Otherwise the Workers are asked every second, until a start has ended. */
const READY_MS = 5 * SECOND_MS
const UNREADY_MS = SECOND_MS
/** A Worker that takes longer counts as not answering. */
const RESPONSE_MS_MAX = 10 * SECOND_MS

type Readiness = { ready: boolean; workers: Record<'order' | InnerWorkerName, WorkerReadiness> }

/** `/healthz`: this Worker runs. `/readyz`: an order can be placed and will be settled, or each obstacle. */
export const healthRoutes = (keyRing: KeyRing, log: Log) => {
  const app = createRoutes<OrderRoutesEnv>()
  const check = createChecks(Date.now)
  const partsOf = createWorkerParts(Date.now)
  const share = createSharedResult<Readiness>({
    now: Date.now,
    freshMs: ({ ready }) => (ready ? READY_MS : UNREADY_MS),
    withinMs: 2 * RESPONSE_MS_MAX,
  })

  serve(app, getHealth, (c) => c.json({ status: 'ok' as const }, 200))

  serve(app, getReadiness, async (c) => {
    const question = () => readinessOfAll(c.env, c.var.traceparent, { check, partsOf })
    const { ready, workers } = await share(question, (result) => keepAlive(c, result))
    const shown = (await isOperator(c, keyRing, log)) ? workers : withoutInternals(workers)
    return c.json({ ready, workers: shown }, ready ? 200 : 503, ready ? {} : { 'retry-after': '1' })
  })

  return app
}

type Known = { check: Check; partsOf: (env: object) => Promise<WorkerParts> }

const readinessOfAll = async (
  env: OrderEnv,
  traceparent: string,
  { check, partsOf }: Known,
): Promise<Readiness> => {
  const ours = await sharedSettings(env)
  const ask = (name: InnerWorkerName, query: Record<string, string>) =>
    askWorker({ env, name, query, traceparent })
  const [own, inventory, payment, operations] = await Promise.all([
    orderReadiness(env, check, partsOf),
    ask('inventory', { ...ours, stocked: stockedProducts(env).join(',') }),
    ask('payment', ours),
    ask('operations', ours),
  ])
  const others = { inventory, payment, operations }
  const workers = { order: withAbsences(own, others), ...others }
  return { ready: Object.values(workers).every((worker) => worker.ready), workers }
}

/** What the Workers are made of, and the words of their parts, are internal details: only operators see them. */
const withoutInternals = (workers: Readiness['workers']): Readiness['workers'] => {
  const hide = ({ errors: _, parts: _parts, ...rest }: WorkerReadiness): WorkerReadiness => rest
  const { order, inventory, payment, operations } = workers
  return {
    order: hide(order),
    inventory: hide(inventory),
    payment: hide(payment),
    operations: hide(operations),
  }
}

/** The call needs no key. A key that is wrong, or cannot be checked, counts as none. */
const isOperator = async (c: Context<OrderRoutesEnv>, keyRing: KeyRing, log: Log): Promise<boolean> => {
  const settings = readOrderSettings(c.env)
  if (!settings.ok) return false
  c.set('settings', settings.value)
  const caller = await identify(c, keyRing, log)
  return caller.ok && caller.value.scopes.includes('operations')
}

/** One problem names all Workers that are not connected, and how to start them. */
const withAbsences = (
  order: WorkerReadiness,
  others: Record<InnerWorkerName, WorkerReadiness>,
): WorkerReadiness => {
  const absent = INNER_WORKERS.filter((name) => others[name] === ABSENT)
  if (absent.length === 0) return order
  return { ...order, ready: false, problems: [absenceOf(absent), ...order.problems] }
}

const ABSENT: WorkerReadiness = { ready: false, problems: ['is not connected'] }

type Question = {
  env: OrderEnv
  name: InnerWorkerName
  query: Record<string, string>
  traceparent: string
}

const askWorker = async ({ env, name, query, traceparent }: Question): Promise<WorkerReadiness> => {
  try {
    const address = `https://worker/readyz?${new URLSearchParams(query)}`
    const request = new Request(address, { headers: { traceparent } })
    const asked = callInnerWorker(env, name, (worker) => worker.fetch(request))
    const response = await within(RESPONSE_MS_MAX, 'its readiness', asked)
    if (response === undefined) return ABSENT
    return workerReadinessSchema.parse(await response.json())
  } catch (error) {
    return readinessOf([{ problem: 'does not answer', error: String(error) }], [])
  }
}
