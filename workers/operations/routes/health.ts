import { type Check, createChecks } from '../../../src/cloudflare/checks.ts'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { rearmAll } from '../../../src/cloudflare/rearm.ts'
import { unreadable } from '../../../src/cloudflare/unreadable.ts'
import { createWorkerParts } from '../../../src/cloudflare/worker-parts.ts'
import { type Finding, readinessOf } from '../../../src/contracts/http/readiness.ts'
import { FIRST_ITEM } from '../../../src/contracts/paging.ts'
import { differences, type SharedSettings } from '../../../src/contracts/shared-settings.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { eraseClosed } from '../dead-letters/erase-closed.ts'
import { findLetters } from '../dead-letters/letter-list.ts'
import { type OperationsSettings, readOperationsSettings } from '../settings.ts'
import { secretWarnings } from '../webhooks/sealed-webhook-secrets.ts'
import { rearmedWebhooks } from '../webhooks/webhook-binding.ts'

export const healthRoutes = (log: Log) => {
  const check = createChecks(Date.now)
  const partsOf = createWorkerParts(Date.now)
  const app = createApp<{ Bindings: OperationsEnv }>(log)

  app.get('/readyz', async (c) => {
    const settings = readOperationsSettings(c.env)
    const problems = settings.ok
      ? [...differing(settings.value, c.req.query()), ...(await problemsOf(c.env, check))]
      : settings.reason
    const readiness = readinessOf(problems, secretWarnings(c.env), await partsOf(c.env))
    return c.json(readiness, readiness.ready ? 200 : 503)
  })

  return app
}

const differing = ({ defaultCurrency }: OperationsSettings, orders: SharedSettings): string[] =>
  differences({ DEFAULT_CURRENCY: defaultCurrency }, orders)

const problemsOf = async (env: OperationsEnv, check: Check): Promise<Finding[]> => {
  const checks = await Promise.all([
    check('OPERATIONS_DB', () =>
      readLetters(env.OPERATIONS_DB).then(
        () => [],
        unreadable('OPERATIONS_DB', 'workers/operations/wrangler.toml'),
      ),
    ),
    rearmAll([rearmedWebhooks(env)], undefined, check),
  ])
  return checks.flat()
}

/**
 * The filter needs the newest migration. Also erases a portion of the tokens that older code left, just as a check of a
 * partition does some of its work.
 */
const readLetters = async (database: D1Database): Promise<void> => {
  await findLetters(database, { type: 'OrderPlaced' }, FIRST_ITEM)
  await eraseClosed(database, { portions: 1 })
}
