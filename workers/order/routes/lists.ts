import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { rebuildList } from '../../../src/cloudflare/http/rebuild-list.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { rebuildOrderList } from '../../../src/contracts/http/lists.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { OrderRoutesEnv } from '../variables.ts'

export const listRoutes = (log: Log) => {
  const app = createRoutes<OrderRoutesEnv>()

  serve(app, rebuildOrderList, (c) =>
    rebuildList(c, { list: 'orders', partitions: c.var.orderPartitions.rebuildList(), log }),
  )

  return app
}
