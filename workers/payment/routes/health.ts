import { type Check, createChecks } from '../../../src/cloudflare/checks.ts'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { notRearmed, rearmAll } from '../../../src/cloudflare/rearm.ts'
import { unreadable } from '../../../src/cloudflare/unreadable.ts'
import { createWorkerParts } from '../../../src/cloudflare/worker-parts.ts'
import { SCOPES } from '../../../src/contracts/caller.ts'
import { type Finding, readinessOf } from '../../../src/contracts/http/readiness.ts'
import { FIRST_ITEM } from '../../../src/contracts/paging.ts'
import { differences, type SharedSettings } from '../../../src/contracts/shared-settings.ts'
import { partitionCountsText } from '../../../src/kernel/partitions.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { FIRST_PARTITION } from '../partitions-setting.ts'
import { findPayments } from '../payment-list.ts'
import { openPaymentPartitions } from '../payment-partitions.ts'
import { type PaymentSettings, readPaymentSettings } from '../settings.ts'

export const healthRoutes = (log: Log) => {
  const check = createChecks(Date.now)
  const partsOf = createWorkerParts(Date.now)
  const app = createApp<{ Bindings: PaymentEnv }>(log)

  app.get('/readyz', async (c) => {
    const [differences, problems] = await Promise.all([
      differing(c.env, c.req.query()),
      problemsOf(c.env, check),
    ])
    const readiness = readinessOf([...differences, ...problems], warningsOf(c.env), await partsOf(c.env))
    return c.json(readiness, readiness.ready ? 200 : 503)
  })

  return app
}

/** What cannot be read is a finding of `problemsOf`. */
const differing = async (env: PaymentEnv, orders: SharedSettings): Promise<string[]> => {
  const settings = readPaymentSettings(env)
  if (!settings.ok) return []
  const { partitions: set, defaultCurrency, gateway } = settings.value
  const partitions = await openPaymentPartitions(env, set)().catch(() => undefined)
  return differences(
    {
      ...(partitions && { ORDER_PARTITIONS: partitionCountsText(partitions.counts) }),
      DEFAULT_CURRENCY: defaultCurrency,
      PAYMENT_GATEWAY: gateway,
    },
    orders,
  )
}

/** A system that charges no card says so, in its readiness and in its console. */
const warningsOf = (env: PaymentEnv): string[] => {
  const settings = readPaymentSettings(env)
  const stripe = settings.ok ? settings.value.stripe : undefined
  if (stripe === undefined) return []
  return [
    ...(stripe.isTestMode
      ? ['Stripe is in test mode: no card is charged. STRIPE_SECRET_KEY is a test-mode key']
      : []),
    ...(stripe.webhookSecrets.length === 0
      ? ['STRIPE_WEBHOOK_SECRET is missing: what Stripe posts is refused. Payments go on without it']
      : []),
  ]
}

const problemsOf = async (env: PaymentEnv, check: Check): Promise<Finding[]> => {
  const settings = readPaymentSettings(env)
  if (!settings.ok) return settings.reason
  const caller = { client: 'readiness', scopes: [...SCOPES] }
  const [listed, rearmed] = await Promise.all([
    check('PAYMENTS_DB', () =>
      findPayments(env.PAYMENTS_DB, caller, {}, FIRST_ITEM).then(
        () => [],
        unreadable('PAYMENTS_DB', 'workers/payment/wrangler.toml'),
      ),
    ),
    partitionProblems(env, settings.value, check),
  ])
  return [...listed, ...rearmed]
}

const partitionProblems = async (
  env: PaymentEnv,
  { partitions: set }: PaymentSettings,
  check: Check,
): Promise<Finding[]> => {
  try {
    const partitions = await openPaymentPartitions(env, set)()
    return await rearmAll(partitions.all(), partitions.objection, check)
  } catch (error) {
    return [notRearmed(FIRST_PARTITION, error)]
  }
}
