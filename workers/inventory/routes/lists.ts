import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { rebuildList } from '../../../src/cloudflare/http/rebuild-list.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { rebuildMovementList } from '../../../src/contracts/http/lists.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { InventoryRoutesEnv } from '../variables.ts'

export const listRoutes = (log: Log) => {
  const app = createRoutes<InventoryRoutesEnv>()

  serve(app, rebuildMovementList, (c) =>
    rebuildList(c, { list: 'movements', partitions: c.var.stockPartitions.rebuildList(), log }),
  )

  return app
}
