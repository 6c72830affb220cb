import { createMiddleware } from 'hono/factory'
import { createApp } from '../../src/cloudflare/http/app.ts'
import { verifiedCaller } from '../../src/cloudflare/http/caller.ts'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { trace } from '../../src/cloudflare/http/trace.ts'
import { createSettingCheck, type SettingCheck } from '../../src/cloudflare/witness.ts'
import type { Log } from '../../src/messaging/partition.ts'
import { createPaymentPartitions } from './payment-partitions.ts'
import { healthRoutes } from './routes/health.ts'
import { paymentRoutes } from './routes/payments.ts'
import { simulatorRoutes } from './routes/simulator.ts'
import { readPaymentSettings } from './settings.ts'
import type { PaymentRoutesEnv } from './variables.ts'

/** Payments and refunds over HTTP, for callers that the edge has let in. */
export const createPaymentApp = (log: Log) => {
  const app = createApp<PaymentRoutesEnv>(log)
  app.use(trace)
  app.route('/', healthRoutes(log))
  app.use(verifiedCaller, configure(createSettingCheck(log)))
  app.route('/', paymentRoutes(log))
  app.route('/', simulatorRoutes(log))
  return app
}

const configure = (checkSetting: SettingCheck) =>
  createMiddleware<PaymentRoutesEnv>(async (c, next) => {
    const settings = readPaymentSettings(c.env)
    if (!settings.ok) return problem(c, 'misconfigured', { detail: settings.reason.join('; ') })
    const partitions = createPaymentPartitions(c.env, settings.value.partitions)
    await partitions.check(checkSetting)
    c.set('counts', settings.value.partitions)
    c.set('paymentPartitions', partitions)
    return await next()
  })
