import { answerOnceAlone } from '../../../src/cloudflare/http/answer-once.ts'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { rebuildOrderList } from '../../../src/contracts/http/lists.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { OrderRoutesEnv } from '../variables.ts'

export const listRoutes = (log: Log) => {
  const app = createApp<OrderRoutesEnv>(log)

  app.openapi(rebuildOrderList.route, (c) =>
    answerOnceAlone(c, { client: c.var.caller.client, database: c.env.ORDERS_DB }, async () => {
      const { labels, partition } = c.var.orders
      const { caller, traceId } = c.var
      log('info', 'the list of orders is filled anew', { client: caller.client, traceId })
      await Promise.all(labels.map((label) => partition(label).rebuildList()))
      return { status: 202, body: { list: 'orders', partitions: labels.length }, statements: [] }
    }),
  )

  return app
}
