import { createMiddleware } from 'hono/factory'
import { createApp } from '../../src/cloudflare/http/app.ts'
import { type CallerBinding, type CallerVariables, verifiedCaller } from '../../src/cloudflare/http/caller.ts'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { type TraceVariables, trace } from '../../src/cloudflare/http/trace.ts'
import type { Log } from '../../src/messaging/partition.ts'
import type { AddressCheckFor } from './address-checks.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { deliveryRoutes } from './routes/deliveries.ts'
import { healthRoutes } from './routes/health.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { type OperationsSettings, readOperationsSettings } from './settings.ts'

export type OperationsRoutesEnv = {
  Bindings: OperationsEnv & CallerBinding
  Variables: TraceVariables & CallerVariables & { settings: OperationsSettings }
}

/** Dead letters and webhooks over HTTP, for callers that the edge has let in. */
export const createOperationsApp = (log: Log, addressCheckFor: AddressCheckFor) => {
  const app = createApp<OperationsRoutesEnv>(log)
  app.use(trace)
  app.route('/', healthRoutes(log))
  app.use(verifiedCaller, configure)
  app.route('/', deadLetterRoutes(log))
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
