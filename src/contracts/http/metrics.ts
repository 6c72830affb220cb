import { createRoute } from '@hono/zod-openapi'
import { operation } from './operation.ts'

const metricsExample = `# HELP edge_orders_orders_placed_total Orders that were accepted.
# TYPE edge_orders_orders_placed_total counter
edge_orders_orders_placed_total{partition="orders-0"} 1027
`

export const getMetrics = operation({
  scope: 'operations',
  problems: [],
  route: createRoute({
    operationId: 'getMetrics',
    tags: ['Metrics'],
    summary: 'Read the metrics of the system',
    description:
      'Counters, gauges and histograms in the text format of Prometheus, version 0.0.4. Partitions are measured at most once in five seconds, however many ask. A part that does not respond has its `up` gauge at 0, and its other series are left out.',
    method: 'get',
    path: '/metrics',
    responses: {
      200: {
        description: 'All metrics',
        content: { 'text/plain': { schema: { type: 'string' as const }, example: metricsExample } },
      },
    },
  }),
})
