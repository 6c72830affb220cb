import { forgetOnTime } from '../../src/cloudflare/d1-requests.ts'
import { createLog } from '../../src/cloudflare/log.ts'
import { oncePerEnv } from '../../src/cloudflare/once-per-env.ts'
import { createSpanExport } from '../../src/cloudflare/otlp-export.ts'
import { createLingeringPublish, createPublisher } from '../../src/cloudflare/publisher.ts'
import { consumeBatch, parkOn } from '../../src/cloudflare/queue-batch.ts'
import { rearmOnTime } from '../../src/cloudflare/rearm.ts'
import { validSettings } from '../../src/cloudflare/valid-settings.ts'
import { createSettingCheck } from '../../src/cloudflare/witness.ts'
import { respond } from '../../src/order/responder.ts'
import { createOrderApp } from './app.ts'
import { bridgesOf } from './bridge/open-bridge.ts'
import { createCatalogue, updateCatalogue } from './catalogue.ts'
import { forwardTo } from './edge/audit-log/audit-calls.ts'
import { forwardLeftBehind } from './edge/audit-log/audit-outbox.ts'
import { createKeyRing } from './edge/keys/key-ring.ts'
import { openOrderPartitions } from './order-partitions.ts'
import { readOrderSettings } from './settings.ts'

export { BridgeObject } from './bridge/bridge-object.ts'
export { OrderObject } from './order-object.ts'

const log = createLog('order')
const checkSetting = createSettingCheck(log)
const deploymentOf = oncePerEnv((env: OrderEnv) => {
  const settings = validSettings(readOrderSettings(env))
  const inboxes = { inventory: env.INVENTORY_INBOX, operations: env.OPERATIONS_INBOX }
  return {
    settings,
    openPartitions: openOrderPartitions(env.ORDERS, settings.partitions),
    publish: createLingeringPublish(createPublisher(inboxes, settings.messages), Date.now),
  }
})
const app = createOrderApp(createCatalogue(Date.now), createKeyRing(Date.now), log)

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  /** The order inbox: reports of the other services, and changes of products. */
  queue: async (batch, env, ctx?: ExecutionContext) => {
    const spans = createSpanExport(env, 'edge-orders')
    const { settings, openPartitions, publish } = deploymentOf(env)
    await consumeBatch(batch, {
      name: 'order',
      defaultCurrency: settings.defaultCurrency,
      handle: async (events) => {
        const partitions = await openPartitions()
        await partitions.check(checkSetting)
        return await respond(events, {
          labelOf: partitions.labelOf,
          applyReports: async (label, reports) => (await partitions.at(label).answer(reports)) ?? [],
          acknowledge: async (label, factIds, subscriber) => {
            const partition = partitions.at(label)
            if (subscriber === 'operations') await partition.note(factIds)
            else await partition.acknowledgeBy(subscriber, factIds)
          },
          setWantedTypes: async (wanted) => {
            await Promise.all(partitions.labels.map((label) => partitions.at(label).want(wanted)))
          },
          updateCatalogue: (changes) => updateCatalogue(env.ORDERS_DB, changes),
          publish,
          now: Date.now,
        })
      },
      park: parkOn(env.DEAD_LETTERS),
      chance: Math.random,
      log,
      eventLog: { share: settings.messages.eventLogShare, now: Date.now },
      spans,
    })
    if (spans !== undefined) ctx?.waitUntil(spans.send())
  },
  /**
   * Every ten minutes: rearms the bridge and the partitions whose alarm the platform gave up, deletes old stored responses, and forwards
   * entries of the audit log that were left behind.
   */
  scheduled: async (_controller, env) => {
    const { settings, openPartitions } = deploymentOf(env)
    const partitions = await openPartitions()
    const rearmed = [...partitions.all(), ...bridgesOf(env, settings)]
    await rearmOnTime(rearmed, log, partitions.objection)
    await forgetOnTime(env.ORDERS_DB, 'requests', Date.now())
    await forwardLeftBehind(env.ORDERS_DB, forwardTo(env), Date.now())
  },
} satisfies ExportedHandler<OrderEnv>
