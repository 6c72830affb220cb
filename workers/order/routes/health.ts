import { createApp } from '../../../src/cloudflare/http/app.ts'
import type { TraceVariables } from '../../../src/cloudflare/http/trace.ts'
import { rouseAll } from '../../../src/cloudflare/rouse.ts'
import { storageKeyWarnings } from '../../../src/cloudflare/storage-key.ts'
import { unreadable } from '../../../src/cloudflare/unreadable.ts'
import demoCatalogue from '../../../src/contracts/demo-catalogue.json' with { type: 'json' }
import { getHealth, getReadiness } from '../../../src/contracts/http/health.ts'
import {
  readinessOf,
  type WorkerReadiness,
  workerReadinessSchema,
} from '../../../src/contracts/http/readiness.ts'
import { FIRST_ITEM } from '../../../src/contracts/paging.ts'
import type { SharedSettings } from '../../../src/contracts/shared-settings.ts'
import { partitionCountsText } from '../../../src/kernel/partitions.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { createCatalogue } from '../catalogue.ts'
import { findOrders } from '../order-list.ts'
import { createOrders } from '../orders.ts'
import { readOrderSettings } from '../settings.ts'
import { absenceOf, askSibling, SIBLINGS, type Sibling } from '../siblings.ts'

/** `/healthz`: this Worker runs. `/readyz`: an order can be placed and will be settled, or what is in its way. */
export const healthRoutes = (log: Log) => {
  const app = createApp<{ Bindings: OrderEnv; Variables: TraceVariables }>(log)

  app.openapi(getHealth.route, (c) => c.json({ status: 'ok' as const }, 200))

  app.openapi(getReadiness.route, async (c) => {
    const ours = sharedSettings(c.env)
    const ask = (sibling: Sibling, query: Record<string, string>) =>
      askWorker({ env: c.env, sibling, query, traceparent: c.var.traceparent })
    const [own, inventory, payment, operations] = await Promise.all([
      orderReadiness(c.env),
      ask('inventory', { ...ours, stocked: stockedProducts(c.env).join(',') }),
      ask('payment', ours),
      ask('operations', ours),
    ])
    const others = { inventory, payment, operations }
    const workers = { order: withAbsences(own, others), ...others }
    const isReady = Object.values(workers).every((worker) => worker.ready)
    return c.json({ ready: isReady, workers }, isReady ? 200 : 503, isReady ? {} : { 'retry-after': '1' })
  })

  return app
}

/** How to get what is not connected is said once, not for each. */
const withAbsences = (order: WorkerReadiness, others: Record<Sibling, WorkerReadiness>): WorkerReadiness => {
  const absent = SIBLINGS.filter((sibling) => others[sibling] === ABSENT)
  if (absent.length === 0) return order
  return { ...order, ready: false, problems: [absenceOf(absent), ...order.problems] }
}

const orderReadiness = async (env: OrderEnv): Promise<WorkerReadiness> =>
  readinessOf(await problemsOf(env), warningsOf(env))

/** What a deployment from before these secrets still lacks. Orders go on without. */
const warningsOf = (env: OrderEnv): string[] => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return storageKeyWarnings(env, STORAGE)
  const { warnings, readTokenKey } = settings.value
  return [...warnings, ...storageKeyWarnings(env, readTokenKey === undefined ? STORAGE_AND_TOKENS : STORAGE)]
}

const STORAGE = {
  config: 'wrangler.toml',
  consequence: 'payment tokens of settled orders are kept in plain text',
}

const STORAGE_AND_TOKENS = {
  ...STORAGE,
  consequence: `${STORAGE.consequence}, and orders are answered without a read token`,
}

const problemsOf = async (env: OrderEnv): Promise<string[]> => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return settings.reason
  const orders = createOrders(env.ORDERS, settings.value.partitions)
  const problems = await rouseAll(orders.sleepers(), orders.objection)
  problems.push(...(await catalogueProblems(env).catch(unreadable('ORDERS_DB', 'wrangler.toml'))))
  problems.push(...(await listProblems(env).catch(unreadable('LISTS_DB', 'wrangler.toml'))))
  return problems
}

/** What the other Workers are to hold their own settings against. Settings that cannot be read are told already. */
const sharedSettings = (env: OrderEnv): SharedSettings => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return {}
  const { partitions, defaultCurrency } = settings.value
  return { ORDER_PARTITIONS: partitionCountsText(partitions), DEFAULT_CURRENCY: defaultCurrency }
}

const listProblems = async (env: OrderEnv): Promise<string[]> => {
  await findOrders(env.LISTS_DB, { client: '', scopes: [] }, {}, FIRST_ITEM)
  return []
}

const catalogueProblems = async (env: OrderEnv): Promise<string[]> => {
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

const ABSENT = { ready: false, problems: ['is not connected'] }

type Question = { env: OrderEnv; sibling: Sibling; query: Record<string, string>; traceparent: string }

const askWorker = async ({ env, sibling, query, traceparent }: Question): Promise<WorkerReadiness> => {
  try {
    const address = `https://worker/readyz?${new URLSearchParams(query)}`
    const request = new Request(address, { headers: { traceparent } })
    const answer = await askSibling(env, sibling, (worker) => worker.fetch(request))
    if (answer === undefined) return ABSENT
    return workerReadinessSchema.parse(await answer.json())
  } catch (error) {
    return { ready: false, problems: [`does not answer: ${error}`] }
  }
}
