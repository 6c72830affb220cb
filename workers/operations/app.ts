import { createMiddleware } from 'hono/factory'
import { faults } from '#faults'
import { createApp } from '../../src/cloudflare/http/app.ts'
import { verifiedCaller } from '../../src/cloudflare/http/caller.ts'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { trace } from '../../src/cloudflare/http/trace.ts'
import { STATIC_FILES } from '../../src/contracts/http/static-files.ts'
import type { Log } from '../../src/messaging/partition.ts'
import { auditLogRoutes } from './routes/audit-log.ts'
import { deadLetterGroupRoutes } from './routes/dead-letter-groups.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { healthRoutes } from './routes/health.ts'
import { poisonRoutes } from './routes/poison.ts'
import { stockAlertRoutes } from './routes/stock-alerts.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { readOperationsSettings } from './settings.ts'
import type { OperationsRoutesEnv } from './variables.ts'
import type { AddressCheckFor } from './webhooks/address-checks.ts'

/** Dead letters and webhooks over HTTP, for callers that the edge has let in. */
export const createOperationsApp = (log: Log, addressCheckFor: AddressCheckFor) => {
  const app = createApp<OperationsRoutesEnv>(log)
  app.use(trace)
  app.route('/', healthRoutes(log))
  for (const path of STATIC_FILES) app.get(path, (c) => c.env.ASSETS.fetch(c.req.raw))
  app.use(verifiedCaller, configure)
  app.route('/', auditLogRoutes(log))
  app.route('/', deadLetterGroupRoutes(log))
  app.route('/', deadLetterRoutes(log))
  app.route('/', poisonRoutes(log))
  app.route('/', stockAlertRoutes(log))
  app.route('/', faults.routes())
  app.route('/', webhookRoutes(log, addressCheckFor))
  app.route('/', deliveryRoutes(log))
  return app
}

const configure = createMiddleware<OperationsRoutesEnv>(async (c, next) => {
  const settings = readOperationsSettings(c.env)
  if (!settings.ok) return problem(c, 'misconfigured', { detail: settings.reason.join('; ') })
  c.set('settings', settings.value)
  return await next()
})
