import { type Check, createChecks } from '../../../src/cloudflare/checks.ts'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { rearmAll } from '../../../src/cloudflare/rearm.ts'
import { unreadable } from '../../../src/cloudflare/unreadable.ts'
import { SCOPES } from '../../../src/contracts/caller.ts'
import { type Finding, readinessOf } from '../../../src/contracts/http/readiness.ts'
import { FIRST_ITEM } from '../../../src/contracts/paging.ts'
import { differences, type SharedSettings } from '../../../src/contracts/shared-settings.ts'
import { partitionCountsText } from '../../../src/kernel/partitions.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { findPayments } from '../payment-list.ts'
import { createPaymentPartitions } from '../payment-partitions.ts'
import { readPaymentSettings } from '../settings.ts'

export const healthRoutes = (log: Log) => {
  const check = createChecks(Date.now)
  const app = createApp<{ Bindings: PaymentEnv }>(log)

  app.get('/readyz', async (c) => {
    const problems = [...differing(c.env, c.req.query()), ...(await problemsOf(c.env, check))]
    const readiness = readinessOf(problems, [])
    return c.json(readiness, readiness.ready ? 200 : 503)
  })

  return app
}

const differing = (env: PaymentEnv, orders: SharedSettings): string[] => {
  const settings = readPaymentSettings(env)
  if (!settings.ok) return []
  const { partitions, defaultCurrency } = settings.value
  const own = { ORDER_PARTITIONS: partitionCountsText(partitions), DEFAULT_CURRENCY: defaultCurrency }
  return differences(own, orders)
}

const problemsOf = async (env: PaymentEnv, check: Check): Promise<Finding[]> => {
  const settings = readPaymentSettings(env)
  if (!settings.ok) return settings.reason
  const caller = { client: 'readiness', scopes: [...SCOPES] }
  const partitions = createPaymentPartitions(env, settings.value.partitions)
  const [listed, rearmed] = await Promise.all([
    check('PAYMENTS_DB', () =>
      findPayments(env.PAYMENTS_DB, caller, FIRST_ITEM).then(
        () => [],
        unreadable('PAYMENTS_DB', 'workers/payment/wrangler.toml'),
      ),
    ),
    rearmAll(partitions.all(), partitions.objection, check),
  ])
  return [...listed, ...rearmed]
}
