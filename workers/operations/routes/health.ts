import { createApp } from '../../../src/cloudflare/http/app.ts'
import type { WorkerReadiness } from '../../../src/contracts/http/readiness.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { findLetters } from '../dead-letters.ts'

export const healthRoutes = (log: Log) => {
  const app = createApp<{ Bindings: OperationsEnv }>(log)

  app.get('/readyz', async (c) => {
    const problems = await findLetters(c.env.OPERATIONS_DB, { limit: 1 }).then(
      () => [],
      (error) => [`OPERATIONS_DB: ${error}. Are its migrations applied?`],
    )
    const readiness: WorkerReadiness = { ready: problems.length === 0, problems }
    return c.json(readiness, readiness.ready ? 200 : 503)
  })

  return app
}
