import { createInternalApi } from '../../src/cloudflare/http/internal-api.ts'
import { createLog } from '../../src/cloudflare/log.ts'
import { measureDatabases, measurePartitions, measureQueues } from '../../src/cloudflare/metrics.ts'
import { newEpoch } from '../../src/cloudflare/new-epoch.ts'
import { oncePerEnv } from '../../src/cloudflare/once-per-env.ts'
import { createSpanExport } from '../../src/cloudflare/otlp-export.ts'
import { createLingeringPublish, createPublisher } from '../../src/cloudflare/publisher.ts'
import { consumeBatch, parkOn } from '../../src/cloudflare/queue-batch.ts'
import { rearmOnTime } from '../../src/cloudflare/rearm.ts'
import { validSettings } from '../../src/cloudflare/valid-settings.ts'
import { createSettingCheck } from '../../src/cloudflare/witness.ts'
import type {
  InventoryBooks,
  Portion,
  ReservationBook,
  StockStep,
  StockWalk,
} from '../../src/contracts/books.ts'
import type { StoryQuestion } from '../../src/contracts/order-story.ts'
import type { ProductConsumers, ProductLag, ProductStart } from '../../src/contracts/product-consumers.ts'
import { cursorAt, measureCursors } from '../../src/inventory/product-consumers.ts'
import { viewStockOf } from '../../src/inventory/reservation-view.ts'
import { respond } from '../../src/inventory/responder.ts'
import { createInventoryApp } from './app.ts'
import { readInventorySettings } from './settings.ts'
import { createStockPartitions } from './stock-partitions.ts'
import type { InventoryRoutesEnv } from './variables.ts'

export { StockObject } from './stock-object.ts'

const log = createLog('inventory')
const checkSetting = createSettingCheck(log)
const deploymentOf = oncePerEnv((env: InventoryEnv) => {
  const settings = validSettings(readInventorySettings(env))
  const publisher = createPublisher({ order: env.ORDER_INBOX }, settings.messages)
  return {
    settings,
    partitions: createStockPartitions(env.STOCK, settings.partitionCount),
    publish: createLingeringPublish(publisher, Date.now),
  }
})
const app = createInventoryApp(log)

/** The order inbox is measured here: the order Worker does not send to it. */
const measure = async (env: InventoryEnv) => {
  const measured = [
    measurePartitions(deploymentOf(env).partitions.all()),
    measureDatabases({ inventory: env.INVENTORY_DB }),
    measureQueues({ 'order-inbox': env.ORDER_INBOX, 'inventory-inbox-dlq': env.DEAD_LETTERS }),
  ]
  return (await Promise.all(measured)).flat()
}

const story = (env: InventoryEnv, { orderId, productIds }: StoryQuestion) => ({
  stock: async () => viewStockOf(await deploymentOf(env).partitions.reservations(orderId, productIds)),
})

/** The entrypoint that the edge calls. */
export class InternalApi
  extends createInternalApi<InventoryEnv, InventoryRoutesEnv>(app, { measure, story })
  implements InventoryBooks, ProductConsumers
{
  /** Throws where the products lie under another count: the walks would miss some. */
  async countStockPartitions(): Promise<number> {
    const { partitions } = deploymentOf(this.env)
    await partitions.check(checkSetting)
    return partitions.ports.count
  }

  async walkStock(index: number, walk: StockWalk): Promise<StockStep> {
    return await deploymentOf(this.env).partitions.walk(index, walk)
  }

  async reservationsAfter(orderId: string, limit: number): Promise<Portion<ReservationBook>> {
    return await deploymentOf(this.env).partitions.reservationsAfter(orderId, limit)
  }

  /** Throws where the products lie under another count: the cursor would leave some out. */
  async productCursorAt(start: ProductStart): Promise<string> {
    const { partitions } = deploymentOf(this.env)
    await partitions.check(checkSetting)
    return await cursorAt(partitions.feed, start, newEpoch())
  }

  async productLags(cursors: readonly string[]): Promise<ProductLag[]> {
    const { partitions } = deploymentOf(this.env)
    await partitions.check(checkSetting)
    return await measureCursors(partitions.feed, cursors, Date.now())
  }
}

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  /** The inventory inbox: decisions about orders. */
  queue: async (batch, env, ctx?: ExecutionContext) => {
    const spans = createSpanExport(env, 'edge-orders-inventory')
    const { settings, partitions, publish } = deploymentOf(env)
    await consumeBatch(batch, {
      name: 'inventory',
      defaultCurrency: settings.defaultCurrency,
      handle: async (events) => {
        await partitions.check(checkSetting)
        return await respond(events, { partitions: partitions.ports, publish, now: Date.now })
      },
      park: parkOn(env.DEAD_LETTERS),
      chance: Math.random,
      log,
      eventLog: { share: settings.messages.eventLogShare, now: Date.now },
      spans,
    })
    if (spans !== undefined) ctx?.waitUntil(spans.send())
  },
  /** Every ten minutes: rearms partitions whose alarm the platform gave up. */
  scheduled: async (_controller, env) => {
    const { partitions } = deploymentOf(env)
    await rearmOnTime(partitions.all(), log, partitions.objection)
  },
} satisfies ExportedHandler<InventoryEnv>
