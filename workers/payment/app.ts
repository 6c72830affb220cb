import { createMiddleware } from 'hono/factory'
import { faults } from '#faults'
import { createApp } from '../../src/cloudflare/http/app.ts'
import { verifiedCaller } from '../../src/cloudflare/http/caller.ts'
import { problem } from '../../src/cloudflare/http/problem.ts'
import { trace } from '../../src/cloudflare/http/trace.ts'
import { oncePerEnv } from '../../src/cloudflare/once-per-env.ts'
import { createSettingCheck, type SettingCheck } from '../../src/cloudflare/witness.ts'
import { success } from '../../src/kernel/result.ts'
import type { Log } from '../../src/messaging/partition.ts'
import { openPaymentPartitions } from './payment-partitions.ts'
import { healthRoutes } from './routes/health.ts'
import { listRoutes } from './routes/lists.ts'
import { paymentRoutes } from './routes/payments.ts'
import { reconciliationRoutes } from './routes/reconciliation.ts'
import { simulatorRoutes } from './routes/simulator.ts'
import { stripeEventRoutes } from './routes/stripe-events.ts'
import { readPaymentSettings } from './settings.ts'
import type { StripeDeployment } from './take-stripe-event.ts'
import type { PaymentRoutesEnv } from './variables.ts'

/** Payments and refunds over HTTP, for callers that the edge has let in. */
export const createPaymentApp = (log: Log, stripeOf: (env: PaymentEnv) => StripeDeployment) => {
  const app = createApp<PaymentRoutesEnv>(log)
  app.use(trace)
  app.route('/', healthRoutes(log))
  app.route('/', stripeEventRoutes({ log, deploymentOf: stripeOf }))
  app.use(verifiedCaller, configure(createSettingCheck(log)))
  app.route('/', paymentRoutes(log))
  app.route('/', listRoutes(log))
  app.route('/', reconciliationRoutes(log))
  app.route('/', simulatorRoutes(log))
  app.route('/', faults.routes())
  return app
}

const configure = (checkSetting: SettingCheck) => {
  const deploymentOf = oncePerEnv(readDeployment)
  return createMiddleware<PaymentRoutesEnv>(async (c, next) => {
    const deployment = deploymentOf(c.env)
    if (!deployment.ok) return problem(c, 'misconfigured', { detail: deployment.reason.join('; ') })
    const partitions = await deployment.value.openPartitions()
    await partitions.check(checkSetting)
    c.set('paymentPartitions', partitions)
    c.set('gateway', deployment.value.gateway)
    return await next()
  })
}

const readDeployment = (env: PaymentEnv) => {
  const settings = readPaymentSettings(env)
  if (!settings.ok) return settings
  const { gateway, partitions } = settings.value
  return success({ gateway, openPartitions: openPaymentPartitions(env, partitions) })
}
