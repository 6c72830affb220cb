import { createRoutes } from '../../../../src/cloudflare/http/app.ts'
import { keepAlive } from '../../../../src/cloudflare/http/keep-alive.ts'
import { serve } from '../../../../src/cloudflare/http/serve.ts'
import {
  createSharedMeasure,
  measurePartitions,
  measureQueues,
  orNothing,
} from '../../../../src/cloudflare/metrics.ts'
import { getMetrics } from '../../../../src/contracts/http/metrics.ts'
import { gauge, type Sample, sampleSchema } from '../../../../src/contracts/metrics.ts'
import { PROMETHEUS_TEXT, prometheusText } from '../../../../src/documents/prometheus-text.ts'
import { SECOND_MS } from '../../../../src/kernel/instant.ts'
import type { OrderPartitions } from '../../order-partitions.ts'
import type { OrderSettings } from '../../settings.ts'
import type { OrderRoutesEnv } from '../../variables.ts'
import { INNER_WORKERS, type InnerWorkerName, measureInnerWorker } from '../inner-workers.ts'

/** `GET /metrics`: what all Workers, partitions and queues count and measure. */
export const metricsRoutes = () => {
  const app = createRoutes<OrderRoutesEnv>()
  const share = createSharedMeasure()

  serve(app, getMetrics, async (c) => {
    const { settings, openPartitions } = c.var
    const question = () => measureAll(c.env, settings, openPartitions)
    const samples = await share(question, (result) => keepAlive(c, result))
    return c.body(prometheusText(samples), 200, { 'content-type': PROMETHEUS_TEXT })
  })

  return app
}

const measureAll = async (
  env: OrderEnv,
  settings: OrderSettings,
  openPartitions: () => Promise<OrderPartitions>,
): Promise<Sample[]> => {
  const partitions = await orNothing(openPartitions())
  const measured = [
    measurePartitions(partitions?.all() ?? []),
    measureQueues({
      'inventory-inbox': env.INVENTORY_INBOX,
      'payment-inbox': env.PAYMENT_INBOX,
      'operations-inbox': env.OPERATIONS_INBOX,
      'order-inbox-dlq': env.DEAD_LETTERS,
    }),
    ...INNER_WORKERS.map((name) => measureWorker(env, name)),
  ]
  return [
    gauge('edge_orders_order_deadline_seconds', settings.deadlineMs / SECOND_MS),
    gauge('edge_orders_worker_up', 1, { worker: 'order' }),
    ...(await Promise.all(measured)).flat(),
  ]
}

/** A Worker of another version may have metrics that this one does not know: these are left out. */
const measureWorker = async (env: OrderEnv, worker: InnerWorkerName): Promise<Sample[]> => {
  const samples = await orNothing(measureInnerWorker(env, worker))
  const known = (samples ?? []).flatMap((sample) => sampleSchema.safeParse(sample).data ?? [])
  return [gauge('edge_orders_worker_up', samples === undefined ? 0 : 1, { worker }), ...known]
}
