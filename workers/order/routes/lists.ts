import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { respondOnceClaimed } from '../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { rebuildOrderList } from '../../../src/contracts/http/lists.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { OrderRoutesEnv } from '../variables.ts'

export const listRoutes = (log: Log) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, rebuildOrderList, (c) =>
    respondOnceClaimed<typeof rebuildOrderList>(
      c,
      { client: c.var.caller.client, database: c.env.ORDERS_DB },
      async () => {
        const { labels, at } = c.var.orderPartitions
        const { caller, traceId } = c.var
        log('info', 'the list of orders is being filled again', { client: caller.client, traceId })
        await Promise.all(labels.map((label) => at(label).rebuildList()))
        return { status: 202, body: { list: 'orders', partitions: labels.length }, statements: [] }
      },
    ),
  )

  return app
}
