import { createApp } from '../../../src/cloudflare/http/app.ts'
import type { TraceVariables } from '../../../src/cloudflare/http/trace.ts'
import { rouseAll } from '../../../src/cloudflare/rouse.ts'
import demoCatalogue from '../../../src/contracts/demo-catalogue.json' with { type: 'json' }
import { getHealth, getReadiness } from '../../../src/contracts/http/health.ts'
import { type WorkerReadiness, workerReadinessSchema } from '../../../src/contracts/http/readiness.ts'
import type { SharedSettings } from '../../../src/contracts/shared-settings.ts'
import { partitionCountsText } from '../../../src/kernel/partitions.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { createCatalogue } from '../catalogue.ts'
import { createOrders } from '../orders.ts'
import { readOrderSettings } from '../settings.ts'

/** `/healthz`: this Worker runs. `/readyz`: an order can be placed and will be settled, or what is in its way. */
export const healthRoutes = (log: Log) => {
  const app = createApp<{ Bindings: OrderEnv; Variables: TraceVariables }>(log)

  app.openapi(getHealth.route, (c) => c.json({ status: 'ok' as const }, 200))

  app.openapi(getReadiness.route, async (c) => {
    const ours = sharedSettings(c.env)
    const ask = (worker: Fetcher, query: Record<string, string>) =>
      askWorker(worker, query, c.var.traceparent)
    const [order, inventory, payment, operations] = await Promise.all([
      orderReadiness(c.env),
      ask(c.env.INVENTORY, { ...ours, stocked: stockedProducts(c.env).join(',') }),
      ask(c.env.PAYMENT, ours),
      ask(c.env.OPERATIONS, ours),
    ])
    const workers = { order, inventory, payment, operations }
    const isReady = Object.values(workers).every((worker) => worker.ready)
    return c.json({ ready: isReady, workers }, isReady ? 200 : 503, isReady ? {} : { 'retry-after': '1' })
  })

  return app
}

const orderReadiness = async (env: OrderEnv): Promise<WorkerReadiness> => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return { ready: false, problems: settings.reason }
  const orders = createOrders(env.ORDERS, settings.value.partitions)
  const problems = await rouseAll(orders.sleepers(), orders.objection)
  const missing = await missingProducts(env).catch(
    (error) => `ORDERS_DB: ${error}. Are its migrations applied?`,
  )
  if (typeof missing === 'string') problems.push(missing)
  else if (missing.length > 0)
    problems.push(`The demo catalogue cannot be ordered yet: ${missing.join(', ')}`)
  return { ready: problems.length === 0, problems }
}

/** What the other Workers are to hold their own settings against. Settings that cannot be read are told already. */
const sharedSettings = (env: OrderEnv): SharedSettings => {
  const settings = readOrderSettings(env)
  if (!settings.ok) return {}
  const { partitions, defaultCurrency } = settings.value
  return { ORDER_PARTITIONS: partitionCountsText(partitions), DEFAULT_CURRENCY: defaultCurrency }
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

const askWorker = async (
  worker: Fetcher,
  query: Record<string, string>,
  traceparent: string,
): Promise<WorkerReadiness> => {
  try {
    const address = `https://worker/readyz?${new URLSearchParams(query)}`
    const answer = await worker.fetch(address, { headers: { traceparent } })
    return workerReadinessSchema.parse(await answer.json())
  } catch (error) {
    return { ready: false, problems: [`does not answer: ${error}`] }
  }
}
