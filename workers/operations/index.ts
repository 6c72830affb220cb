import { createLog } from '../../src/cloudflare/log.ts'
import { createPublisher } from '../../src/cloudflare/publisher.ts'
import { consumeBatch, parkOn, toDelivery } from '../../src/cloudflare/queue-batch.ts'
import { createOperationsApp } from './app.ts'
import { keepDead } from './dead-letter-consumer.ts'
import { consumerOfDeadLetters } from './inboxes.ts'
import { respond } from './responder.ts'
import { keepAlerts } from './stock-alerts.ts'

const log = createLog('operations')
const app = createOperationsApp(log)

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  /** The dead-letter queues of all consumers, and the operations inbox. */
  queue: async (batch, env) => {
    const consumer = consumerOfDeadLetters(batch.queue)
    const defaultCurrency = env.DEFAULT_CURRENCY
    if (consumer !== undefined) {
      const keep = { consumer, database: env.OPERATIONS_DB, defaultCurrency, now: Date.now(), log }
      await keepDead(batch.messages.map(toDelivery), keep)
      return
    }
    await consumeBatch(batch, {
      name: 'operations',
      defaultCurrency,
      handle: (events) =>
        respond(events, {
          keepAlerts: (alerts) => keepAlerts(env.OPERATIONS_DB, alerts),
          publish: createPublisher({ inventory: env.INVENTORY_INBOX }),
          now: Date.now,
        }),
      park: parkOn(env.DEAD_LETTERS),
      chance: Math.random,
      log,
    })
  },
} satisfies ExportedHandler<OperationsEnv>
