import { createApp } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { listAuditLog } from '../../../src/contracts/http/audit-log.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { findEntries } from '../audit-log/audit-list.ts'
import type { OperationsRoutesEnv } from '../variables.ts'

export const auditLogRoutes = (log: Log) => {
  const app = createApp<OperationsRoutesEnv>(log)

  serve(app, listAuditLog, async (c) => {
    const asked = c.req.valid('query')
    const page = askedPage('audit-log', asked)
    if (!page.ok) return badCursor(c, page.reason)
    return c.json(await findEntries(c.env.OPERATIONS_DB, asked, page.value), 200)
  })

  return app
}
