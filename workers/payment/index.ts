import { createInternalApi } from '../../src/cloudflare/http/internal-api.ts'
import { createLog } from '../../src/cloudflare/log.ts'
import {
  measureDatabases,
  measurePartitions,
  measureQueues,
  orNothing,
} from '../../src/cloudflare/metrics.ts'
import { oncePerEnv } from '../../src/cloudflare/once-per-env.ts'
import { createSpanExport } from '../../src/cloudflare/otlp-export.ts'
import { createLingeringPublish, createPublisher } from '../../src/cloudflare/publisher.ts'
import { consumeBatch, parkOn } from '../../src/cloudflare/queue-batch.ts'
import { rearmOnTime } from '../../src/cloudflare/rearm.ts'
import { validSettings } from '../../src/cloudflare/valid-settings.ts'
import { createSettingCheck } from '../../src/cloudflare/witness.ts'
import type { BankBook, PaymentBook, PaymentBooks, Portion } from '../../src/contracts/books.ts'
import type { StoryQuestion } from '../../src/contracts/order-story.ts'
import { toTimestamp } from '../../src/kernel/instant.ts'
import { readBankBooks } from '../../src/payment/payment-book.ts'
import { viewBankRecord } from '../../src/payment/payment-view.ts'
import {
  dailyWindow,
  type ReconcilePorts,
  reconcileAll,
  type Window,
} from '../../src/payment/reconciliation.ts'
import { respond } from '../../src/payment/responder.ts'
import { createPaymentApp } from './app.ts'
import { bankOfGateway } from './gateways/bank-of-gateway.ts'
import { openPaymentPartitions } from './payment-partitions.ts'
import { reconcilePorts } from './reconcile-ports.ts'
import { readPaymentSettings } from './settings.ts'
import type { PaymentRoutesEnv } from './variables.ts'

export { SimulatedBankObject } from './gateways/simulated-bank-object.ts'
export { PaymentObject } from './payment-object.ts'

const log = createLog('payment')
const checkSetting = createSettingCheck(log)
const deploymentOf = oncePerEnv((env: PaymentEnv) => {
  const settings = validSettings(readPaymentSettings(env))
  const publisher = createPublisher({ order: env.ORDER_INBOX }, settings.messages)
  return {
    settings,
    openPartitions: openPaymentPartitions(env, settings.partitions),
    publish: createLingeringPublish(publisher, Date.now),
  }
})
const app = createPaymentApp(log, deploymentOf)

const measure = async (env: PaymentEnv) => {
  const partitions = await orNothing(deploymentOf(env).openPartitions())
  const measured = [
    measurePartitions(partitions?.all() ?? []),
    measureDatabases({ payments: env.PAYMENTS_DB }),
    measureQueues({ 'payment-inbox-dlq': env.DEAD_LETTERS }),
  ]
  return (await Promise.all(measured)).flat()
}

const story = (env: PaymentEnv, { orderId, currency, caller }: StoryQuestion) => {
  const { settings, openPartitions } = deploymentOf(env)
  return {
    payment: async () => (await openPartitions()).of(orderId)?.get(orderId, caller),
    bank: async () => {
      const partitions = await openPartitions()
      const payment = await partitions.of(orderId)?.get(orderId, caller)
      const bank = bankOfGateway(settings, { env, counts: partitions.counts, log })
      const authorizationId = payment?.gatewayReference
      const question = { orderId, currency, ...(authorizationId !== undefined && { authorizationId }) }
      const found = await bank.lookUp(question)
      if (found.kind === 'unknown') throw new Error(found.detail)
      return found.records.map((record) => viewBankRecord(record, currency))
    },
  }
}

/** Compares a day of the bank's list with our payments. Only the log says what it found. */
const reconcileDay = async (window: Window, ports: ReconcilePorts): Promise<void> => {
  try {
    const { differences, ...counts } = await reconcileAll(window, ports)
    const about = { from: toTimestamp(window.from), ...counts }
    if (differences.length === 0) return log('info', 'the bank and the payments were reconciled', about)
    const first = differences.slice(0, DIFFERENCES_LOGGED)
    log('error', 'the bank and the payments differ', { ...about, differences: differences.length, first })
  } catch (error) {
    log('warn', 'the list of the bank could not be read', { error: String(error) })
  }
}

const DIFFERENCES_LOGGED = 10

/** The entrypoint that the edge calls. */
export class InternalApi
  extends createInternalApi<PaymentEnv, PaymentRoutesEnv>(app, { measure, story })
  implements PaymentBooks
{
  async paymentsAfter(orderId: string, limit: number): Promise<Portion<PaymentBook>> {
    const partitions = await deploymentOf(this.env).openPartitions()
    await partitions.check(checkSetting)
    return await partitions.booksAfter(orderId, limit)
  }

  async bankBooks(orderIds: readonly string[]): Promise<BankBook[]> {
    const { settings, openPartitions } = deploymentOf(this.env)
    const { booksOf, counts } = await openPartitions()
    const bank = bankOfGateway(settings, { env: this.env, counts, log })
    return await readBankBooks(orderIds, { read: booksOf, lookUp: (question) => bank.lookUp(question) })
  }
}

export default {
  fetch: (request, env, ctx) => app.fetch(request, env, ctx),

  /** The payment inbox: decisions about orders, and refunds to make. */
  queue: async (batch, env, ctx?: ExecutionContext) => {
    const spans = createSpanExport(env, 'edge-orders-payment')
    const { settings, openPartitions, publish } = deploymentOf(env)
    await consumeBatch(batch, {
      name: 'payment',
      defaultCurrency: settings.defaultCurrency,
      handle: async (events) => {
        const partitions = await openPartitions()
        await partitions.check(checkSetting)
        const bank = bankOfGateway(settings, { env, counts: partitions.counts, log })
        return await respond(events, { partitions: partitions.ports, bank, publish, now: Date.now, spans })
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
    const { settings, openPartitions } = deploymentOf(env)
    const partitions = await openPartitions()
    await rearmOnTime(partitions.all(), log, partitions.objection)
    const window = dailyWindow(Date.now())
    if (window !== undefined) await reconcileDay(window, reconcilePorts(env, { settings, partitions, log }))
  },
} satisfies ExportedHandler<PaymentEnv>
