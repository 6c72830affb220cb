import type { Context } from 'hono'
import { type Check, createChecks } from '../../../src/cloudflare/checks.ts'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { keepAlive } from '../../../src/cloudflare/http/keep-alive.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { rearmAll } from '../../../src/cloudflare/rearm.ts'
import { createSharedResult } from '../../../src/cloudflare/shared-result.ts'
import { storageKeyWarnings } from '../../../src/cloudflare/storage-key.ts'
import { unreadable } from '../../../src/cloudflare/unreadable.ts'
import { within } from '../../../src/cloudflare/within.ts'
import demoCatalogue from '../../../src/contracts/demo-catalogue.json' with { type: 'json' }
import { getHealth, getReadiness } from '../../../src/contracts/http/health.ts'
import {
  type Finding,
  readinessOf,
  type WorkerReadiness,
  workerReadinessSchema,
} from '../../../src/contracts/http/readiness.ts'
import { FIRST_ITEM } from '../../../src/contracts/paging.ts'
import type { SharedSettings } from '../../../src/contracts/shared-settings.ts'
import { SECOND_MS } from '../../../src/kernel/instant.ts'
import { partitionCountsText } from '../../../src/kernel/partitions.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { createCatalogue } from '../catalogue.ts'
import { identify } from '../edge/authenticate.ts'
import { absenceOf, callInnerWorker, INNER_WORKERS, type InnerWorkerName } from '../edge/inner-workers.ts'
import type { KeyRing } from '../edge/keys/key-ring.ts'
import { findOrders } from '../order-list.ts'
import { createOrderPartitions } from '../order-partitions.ts'
import { readOrderSettings } from '../settings.ts'
import type { OrderRoutesEnv } from '../variables.ts'

/** Well is well for five seconds. What is in the way is looked for every second: a start ends in between. */
const READY_MS = 5 * SECOND_MS
const UNREADY_MS = SECOND_MS
/** A Worker that takes longer does not answer. */
const ANSWER_MS_MAX = 10 * SECOND_MS

type Readiness = { ready: boolean; workers: Record<'order' | InnerWorkerName, WorkerReadiness> }

/** `/healthz`: this Worker runs. `/readyz`: an order can be placed and will be settled, or what is in its way. */
export const healthRoutes = (keyRing: KeyRing, log: Log) => {
  const app = createApp<OrderRoutesEnv>(log)
  const check = createChecks(Date.now)
  const share = createSharedResult<Readiness>({
    now: Date.now,
    freshMs: ({ ready }) => (ready ? READY_MS : UNREADY_MS),
    withinMs: 2 * ANSWER_MS_MAX,
  })

  serve(app, getHealth, (c) => c.json({ status: 'ok' as const }, 200))

  serve(app, getReadiness, async (c) => {
    const question = () => readinessOfAll(c.env, c.var.traceparent, check)
    const { ready, workers } = await share(question, (answer) => keepAlive(c, answer))
    const isShownErrors = !ready && (await isOperator(c, keyRing, log))
    const shown = isShownErrors ? workers : withoutErrors(workers)
    return c.json({ ready, workers: shown }, ready ? 200 : 503, ready ? {} : { 'retry-after': '1' })
  })

  return app
}

const readinessOfAll = async (env: OrderEnv, traceparent: string, check: Check): Promise<Readiness> => {
  const ours = sharedSettings(env)
  const ask = (sibling: InnerWorkerName, query: Record<string, string>) =>
    askWorker({ env, sibling, query, traceparent })
  const [own, inventory, payment, operations] = await Promise.all([
    orderReadiness(env, check),
    ask('inventory', { ...ours, stocked: stockedProducts(env).join(',') }),
    ask('payment', ours),
    ask('operations', ours),
  ])
  const others = { inventory, payment, operations }
  const workers = { order: withAbsences(own, others), ...others }
  return { ready: Object.values(workers).every((worker) => worker.ready), workers }
}

/** What the parts said may name what is nobody's business: only operators are shown it. */
const withoutErrors = (workers: Readiness['workers']): Readiness['workers'] => {
  const hide = ({ errors: _, ...rest }: WorkerReadiness): WorkerReadiness => rest
  const { order, inventory, payment, operations } = workers
  return {
    order: hide(order),
    inventory: hide(inventory),
    payment: hide(payment),
    operations: hide(operations),
  }
}

/** No key is asked for; one that is wrong, or cannot be checked, is none. */
const isOperator = async (c: Context<OrderRoutesEnv>, keyRing: KeyRing, log: Log): Promise<boolean> => {
  const settings = readOrderSettings(c.env)
  if (!settings.ok) return false
  c.set('settings', settings.value)
  const caller = await identify(c, keyRing, log)
  return caller.ok && caller.value.scopes.includes('operations')
}

/** How to get what is not connected is said once, not for each. */
const withAbsences = (
  order: WorkerReadiness,
  others: Record<InnerWorkerName, WorkerReadiness>,
): WorkerReadiness => {
  const absent = INNER_WORKERS.filter((sibling) => others[sibling] === ABSENT)
  if (absent.length === 0) return order
  return { ...order, ready: false, problems: [absenceOf(absent), ...order.problems] }
}

const orderReadiness = async (env: OrderEnv, check: Check): Promise<WorkerReadiness> =>
  readinessOf(await problemsOf(env, check), warningsOf(env))

/** What a deployment from before these secrets still lacks. Orders go on without. */
const warningsOf = (env: OrderEnv): string[] => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return storageKeyWarnings(env, STORAGE)
  const { warnings, readTokenKey } = settings.value
  return [...warnings, ...storageKeyWarnings(env, readTokenKey === undefined ? STORAGE_AND_TOKENS : STORAGE)]
}

const STORAGE = {
  config: 'wrangler.toml',
  consequence: 'payment tokens of orders that came as events are kept in plain text after they were used',
}

const STORAGE_AND_TOKENS = {
  ...STORAGE,
  consequence: `${STORAGE.consequence}, and orders are answered without a read token`,
}

const problemsOf = async (env: OrderEnv, check: Check): Promise<Finding[]> => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return settings.reason
  const partitions = createOrderPartitions(env.ORDERS, settings.value.partitions)
  const findings = await Promise.all([
    rearmAll(partitions.all(), partitions.objection, check),
    check('ORDERS_DB', () => catalogueProblems(env).catch(unreadable('ORDERS_DB', 'wrangler.toml'))),
    check('LISTS_DB', () => listProblems(env).catch(unreadable('LISTS_DB', 'wrangler.toml'))),
  ])
  return findings.flat()
}

/** What the other Workers are to hold their own settings against. Settings that cannot be read are told already. */
const sharedSettings = (env: OrderEnv): SharedSettings => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return {}
  const { partitions, defaultCurrency } = settings.value
  return { ORDER_PARTITIONS: partitionCountsText(partitions), DEFAULT_CURRENCY: defaultCurrency }
}

const listProblems = async (env: OrderEnv): Promise<Finding[]> => {
  await findOrders(env.LISTS_DB, { client: '', scopes: [] }, {}, FIRST_ITEM)
  return []
}

const catalogueProblems = async (env: OrderEnv): Promise<Finding[]> => {
  const missing = await missingProducts(env)
  if (missing.length === 0) return []
  return [
    `The demo catalogue cannot be ordered yet: ${missing.join(', ')}. \`npm start\` puts it in, and \`npm run demo\` beside \`wrangler dev\``,
  ]
}

/** What has to be orderable before this deployment counts as ready: the demo catalogue, where it is asked for. */
const stockedProducts = (env: OrderEnv): string[] => {
  const settings = readOrderSettings(env)
  const isDemo = settings.ok && settings.value.hasDemoCatalogue
  return isDemo ? demoCatalogue.map((product) => product.productId) : []
}

/** Those that the copy of the catalogue does not know yet. */
const missingProducts = async (env: OrderEnv): Promise<string[]> => {
  const ids = stockedProducts(env)
  const known = await createCatalogue(Date.now).find(env.ORDERS_DB, ids)
  return ids.filter((id) => !known.has(id))
}

const ABSENT: WorkerReadiness = { ready: false, problems: ['is not connected'] }

type Question = {
  env: OrderEnv
  sibling: InnerWorkerName
  query: Record<string, string>
  traceparent: string
}

const askWorker = async ({ env, sibling, query, traceparent }: Question): Promise<WorkerReadiness> => {
  try {
    const address = `https://worker/readyz?${new URLSearchParams(query)}`
    const request = new Request(address, { headers: { traceparent } })
    const asked = callInnerWorker(env, sibling, (worker) => worker.fetch(request))
    const answer = await within(ANSWER_MS_MAX, 'its readiness', asked)
    if (answer === undefined) return ABSENT
    return workerReadinessSchema.parse(await answer.json())
  } catch (error) {
    return readinessOf([{ problem: 'does not answer', error: String(error) }], [])
  }
}
