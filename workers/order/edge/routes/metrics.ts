import { addedInboxes } from '../../../../src/cloudflare/added-inboxes.ts'
import { createRoutes } from '../../../../src/cloudflare/http/app.ts'
import { keepAlive } from '../../../../src/cloudflare/http/keep-alive.ts'
import { serve } from '../../../../src/cloudflare/http/serve.ts'
import {
  createSharedMeasure,
  measureDatabases,
  measurePartitions,
  measureQueues,
  orNothing,
} from '../../../../src/cloudflare/metrics.ts'
import { getMetrics, getMetricsDay, getMetricsHistory } from '../../../../src/contracts/http/metrics.ts'
import {
  type LettersApi,
  type LettersByMinute,
  lettersByMinuteSchema,
} from '../../../../src/contracts/letters-by-minute.ts'
import { gauge, type Sample, sampleSchema } from '../../../../src/contracts/metrics.ts'
import { PROMETHEUS_TEXT, prometheusText } from '../../../../src/documents/prometheus-text.ts'
import { SECOND_MS } from '../../../../src/kernel/instant.ts'
import { consumerSamples } from '../../../../src/order/consumer-metrics.ts'
import { type HistoryParts, lastDayOf, lastHourOf } from '../../../../src/order/order-history.ts'
import type { OrderPartitions } from '../../order-partitions.ts'
import type { OrderSettings } from '../../settings.ts'
import type { OrderRoutesEnv } from '../../variables.ts'
import { lagsOf } from '../consumer-lags.ts'
import { INNER_WORKERS, type InnerWorkerName, measureInnerWorker } from '../inner-workers.ts'

const DAY_HOURS = 24

/**
 * `GET /metrics`: what all Workers, partitions and queues count and measure. `GET /metrics/history`: the last hour.
 * `GET /metrics/day`: the last 24 hours.
 */
export const metricsRoutes = () => {
  const app = createRoutes<OrderRoutesEnv>()
  const share = createSharedMeasure()
  const shareHour = createSharedMeasure<HistoryRead>()
  const shareDay = createSharedMeasure<HistoryRead>()

  serve(app, getMetrics, async (c) => {
    const { settings, openPartitions } = c.var
    const question = () => measureAll(c.env, settings, openPartitions)
    const samples = await share(question, (result) => keepAlive(c, result))
    return c.body(prometheusText(samples), 200, { 'content-type': PROMETHEUS_TEXT })
  })

  serve(app, getMetricsHistory, async (c) => {
    const question = () => readHistory(c.env, c.var.openPartitions, 1)
    const { parts, unread } = await shareHour(question, (result) => keepAlive(c, result))
    return c.json({ minutes: lastHourOf(parts, Date.now()), unread }, 200)
  })

  serve(app, getMetricsDay, async (c) => {
    const question = () => readHistory(c.env, c.var.openPartitions, DAY_HOURS)
    const { parts, unread } = await shareDay(question, (result) => keepAlive(c, result))
    return c.json({ halfHours: lastDayOf(parts, Date.now()), unread }, 200)
  })

  return app
}

type HistoryRead = { parts: HistoryParts; unread: string[] }

/** What each order partition counted, and the dead letters of the last hours. */
const readHistory = async (
  env: OrderEnv,
  openPartitions: () => Promise<OrderPartitions>,
  letterHours: number,
): Promise<HistoryRead> => {
  const opened = await orNothing(openPartitions())
  const asked = (opened?.all() ?? []).map(async ({ name, history }) => ({
    ...{ name, history: await orNothing(history()) },
  }))
  const [letters, partitions] = await Promise.all([
    orNothing(readLetters(env, letterHours)),
    Promise.all(asked),
  ])
  const absent = partitions.flatMap(({ name, history }) => (history === undefined ? [name] : []))
  return {
    parts: { partitions: partitions.flatMap(({ history }) => history ?? []), letters: letters ?? [] },
    unread: [...absent, ...(letters === undefined ? ['dead letters'] : [])],
  }
}

/** In the generated types, a binding to a named entrypoint has no methods. */
const readLetters = async ({ OPERATIONS }: OrderEnv, hours: number): Promise<LettersByMinute> =>
  lettersByMinuteSchema.parse(await (OPERATIONS as unknown as LettersApi).lettersByMinute(hours))

const measureAll = async (
  env: OrderEnv,
  settings: OrderSettings,
  openPartitions: () => Promise<OrderPartitions>,
): Promise<Sample[]> => {
  const partitions = await orNothing(openPartitions())
  const measured = [
    measurePartitions(partitions?.all() ?? []),
    measureFeedConsumers(env, partitions),
    measureDatabases({ orders: env.ORDERS_DB, lists: env.LISTS_DB }),
    measureQueues({
      'inventory-inbox': env.INVENTORY_INBOX,
      'payment-inbox': env.PAYMENT_INBOX,
      'operations-inbox': env.OPERATIONS_INBOX,
      'order-inbox-dlq': env.DEAD_LETTERS,
      ...Object.fromEntries(
        Object.entries(addedInboxes(env)).map(([name, inbox]) => [`${name}-inbox`, inbox]),
      ),
    }),
    ...INNER_WORKERS.map((name) => measureWorker(env, name)),
  ]
  return [
    gauge('edge_orders_order_deadline_seconds', settings.deadlineMs / SECOND_MS),
    gauge('edge_orders_worker_up', 1, { worker: 'order' }),
    ...(await Promise.all(measured)).flat(),
  ]
}

/** Without consumers this is one call of the first partition. */
const measureFeedConsumers = async (
  env: OrderEnv,
  partitions: OrderPartitions | undefined,
): Promise<Sample[]> => {
  if (partitions === undefined) return []
  const consumers = (await orNothing(partitions.feedConsumers.list())) ?? []
  if (consumers.length === 0) return []
  const lags = await orNothing(lagsOf(env, partitions, consumers))
  return consumerSamples(consumers, lags ?? [])
}

/** A Worker of another version may have metrics that this one does not know: these are left out. */
const measureWorker = async (env: OrderEnv, worker: InnerWorkerName): Promise<Sample[]> => {
  const samples = await orNothing(measureInnerWorker(env, worker))
  const known = (samples ?? []).flatMap((sample) => sampleSchema.safeParse(sample).data ?? [])
  return [gauge('edge_orders_worker_up', samples === undefined ? 0 : 1, { worker }), ...known]
}
