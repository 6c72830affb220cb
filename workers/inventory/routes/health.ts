import { type Check, createChecks } from '../../../src/cloudflare/checks.ts'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { rearmAll } from '../../../src/cloudflare/rearm.ts'
import { unreadable } from '../../../src/cloudflare/unreadable.ts'
import { createWorkerParts } from '../../../src/cloudflare/worker-parts.ts'
import { type Finding, readinessOf } from '../../../src/contracts/http/readiness.ts'
import { FIRST_ITEM } from '../../../src/contracts/paging.ts'
import { differences, type SharedSettings } from '../../../src/contracts/shared-settings.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { findMovements, findProducts } from '../ledger.ts'
import { readInventorySettings } from '../settings.ts'
import { createStockPartitions } from '../stock-partitions.ts'

/** `/readyz?stocked=P001,P002`: ready once these products have been received, among other things. */
export const healthRoutes = (log: Log) => {
  const check = createChecks(Date.now)
  const partsOf = createWorkerParts(Date.now)
  const app = createApp<{ Bindings: InventoryEnv }>(log)

  app.get('/readyz', async (c) => {
    const stocked = (c.req.query('stocked') ?? '').split(',').filter((id) => id !== '')
    const problems = [...differing(c.env, c.req.query()), ...(await problemsOf(c.env, stocked, check))]
    const readiness = readinessOf(problems, [], await partsOf(c.env))
    return c.json(readiness, readiness.ready ? 200 : 503)
  })

  return app
}

const differing = (env: InventoryEnv, orders: SharedSettings): string[] => {
  const settings = readInventorySettings(env)
  return settings.ok ? differences({ DEFAULT_CURRENCY: settings.value.defaultCurrency }, orders) : []
}

const problemsOf = async (
  env: InventoryEnv,
  stocked: readonly string[],
  check: Check,
): Promise<Finding[]> => {
  const settings = readInventorySettings(env)
  if (!settings.ok) return settings.reason
  const partitions = createStockPartitions(env.STOCK, settings.value.partitionCount)
  const checks = await Promise.all([
    check('INVENTORY_DB', () =>
      readLists(env.INVENTORY_DB).then(
        () => [],
        unreadable('INVENTORY_DB', 'workers/inventory/wrangler.toml'),
      ),
    ),
    rearmAll(partitions.all(), partitions.objection, check),
    ...stocked.map((id) =>
      check(`product ${id}`, async () => {
        const product = await partitions
          .of(id)
          .product(id)
          .catch(() => undefined)
        return product !== undefined && product.levelRevision > 0 ? [] : [`${id} has never been received`]
      }),
    ),
  ])
  return checks.flat()
}

/** Both lists, so that a missing migration of either is noticed. */
const readLists = (database: D1Database) =>
  Promise.all([findProducts(database, FIRST_ITEM), findMovements(database, '', FIRST_ITEM)])
