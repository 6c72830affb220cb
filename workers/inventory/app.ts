import { createMiddleware } from 'hono/factory'
import { faults } from '#faults'
import { createApp } from '../../src/cloudflare/http/app.ts'
import { verifiedCaller } from '../../src/cloudflare/http/caller.ts'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { trace } from '../../src/cloudflare/http/trace.ts'
import { createSettingCheck, type SettingCheck } from '../../src/cloudflare/witness.ts'
import type { Log } from '../../src/messaging/partition.ts'
import { healthRoutes } from './routes/health.ts'
import { listRoutes } from './routes/lists.ts'
import { productFeedRoutes } from './routes/product-feed.ts'
import { productRoutes } from './routes/products.ts'
import { stockRoutes } from './routes/stock.ts'
import { readInventorySettings } from './settings.ts'
import { createStockPartitions } from './stock-partitions.ts'
import type { InventoryRoutesEnv } from './variables.ts'

/** Products and stock over HTTP, for callers that the edge has let in. */
export const createInventoryApp = (log: Log) => {
  const app = createApp<InventoryRoutesEnv>(log)
  app.use(trace)
  app.route('/', healthRoutes(log))
  app.use(verifiedCaller, configure(createSettingCheck(log)))
  app.route('/', productRoutes(log))
  app.route('/', productFeedRoutes(log))
  app.route('/', stockRoutes(log))
  app.route('/', listRoutes(log))
  app.route('/', faults.routes())
  return app
}

const configure = (checkSetting: SettingCheck) =>
  createMiddleware<InventoryRoutesEnv>(async (c, next) => {
    const settings = readInventorySettings(c.env)
    if (!settings.ok) return problem(c, 'misconfigured', { detail: settings.reason.join('; ') })
    const partitions = createStockPartitions(c.env.STOCK, settings.value.partitionCount)
    await partitions.check(checkSetting)
    c.set('stockPartitions', partitions)
    return await next()
  })
