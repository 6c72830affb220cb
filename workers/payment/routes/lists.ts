import { createRoutes } from '../../../src/cloudflare/http/app.ts'
import { rebuildList } from '../../../src/cloudflare/http/rebuild-list.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { rebuildPaymentList } from '../../../src/contracts/http/lists.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import type { PaymentRoutesEnv } from '../variables.ts'

export const listRoutes = (log: Log) => {
  const app = createRoutes<PaymentRoutesEnv>()

  serve(app, rebuildPaymentList, (c) =>
    rebuildList(c, { list: 'payments', partitions: c.var.paymentPartitions.rebuildList(), log }),
  )

  return app
}
