import { createApp } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { listStockAlerts } from '../../../src/contracts/http/stock-alerts.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { findAlerts } from '../stock-alerts.ts'
import type { OperationsRoutesEnv } from '../variables.ts'

export const stockAlertRoutes = (log: Log) => {
  const app = createApp<OperationsRoutesEnv>(log)

  serve(app, listStockAlerts, async (c) => {
    const asked = c.req.valid('query')
    const page = askedPage('stock-alerts', asked)
    if (!page.ok) return badCursor(c, page.reason)
    return c.json(await findAlerts(c.env.OPERATIONS_DB, asked, page.value), 200)
  })

  return app
}
