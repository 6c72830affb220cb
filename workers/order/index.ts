import { forgetOnTime } from '../../src/cloudflare/d1-requests.ts'
import { createLog } from '../../src/cloudflare/log.ts'
import { createPublisher } from '../../src/cloudflare/publisher.ts'
import { consumeBatch, parkOn } from '../../src/cloudflare/queue-batch.ts'
import { rouseOnTime } from '../../src/cloudflare/rouse.ts'
import { validSettings } from '../../src/cloudflare/valid-settings.ts'
import { createSettingCheck } from '../../src/cloudflare/witness.ts'
import { respond } from '../../src/order/responder.ts'
import { createOrderApp } from './app.ts'
import { createCatalogue, updateCatalogue } from './catalogue.ts'
import { createKeyRing } from './edge/keys/key-ring.ts'
import { createOrders } from './order-partitions.ts'
import { readOrderSettings } from './settings.ts'

export { OrderObject } from './order-object.ts'

const log = createLog('order')
const checkSetting = createSettingCheck(log)
const app = createOrderApp(createCatalogue(Date.now), createKeyRing(Date.now), log)

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  /** The order inbox: answers of the other services, and changes of products. */
  queue: async (batch, env) => {
    const settings = validSettings(readOrderSettings(env))
    const orders = createOrders(env.ORDERS, settings.partitions)
    await consumeBatch(batch, {
      name: 'order',
      defaultCurrency: settings.defaultCurrency,
      handle: async (events) => {
        await orders.check(checkSetting)
        return await respond(events, {
          labelOf: orders.labelOf,
          applyReports: async (label, reports) => (await orders.partition(label).answer(reports)) ?? [],
          acknowledge: async (label, factIds) => {
            await orders.partition(label).note(factIds)
          },
          setWantedTypes: async (wanted) => {
            await Promise.all(orders.labels.map((label) => orders.partition(label).want(wanted)))
          },
          updateCatalogue: (changes) => updateCatalogue(env.ORDERS_DB, changes),
          publish: createPublisher({ inventory: env.INVENTORY_INBOX, operations: env.OPERATIONS_INBOX }),
          now: Date.now,
        })
      },
      park: parkOn(env.DEAD_LETTERS),
      chance: Math.random,
      log,
    })
  },
  /** Every ten minutes: for a partition whose alarm the platform gave up, and for answers that are kept no longer. */
  scheduled: async (_controller, env) => {
    const settings = validSettings(readOrderSettings(env))
    const orders = createOrders(env.ORDERS, settings.partitions)
    await rouseOnTime(orders.sleepers(), log, orders.objection)
    await forgetOnTime(env.ORDERS_DB, 'requests', Date.now())
  },
} satisfies ExportedHandler<OrderEnv>
