import { createApp } from '../../../src/cloudflare/http/app.ts'
import type { WorkerReadiness } from '../../../src/contracts/http/readiness.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { findLetters } from '../dead-letters.ts'
import { readOperationsSettings } from '../settings.ts'

export const healthRoutes = (log: Log) => {
  const app = createApp<{ Bindings: OperationsEnv }>(log)

  app.get('/readyz', async (c) => {
    const settings = readOperationsSettings(c.env)
    const problems = settings.ok ? await databaseProblems(c.env.OPERATIONS_DB) : settings.reason
    const readiness: WorkerReadiness = { ready: problems.length === 0, problems }
    return c.json(readiness, readiness.ready ? 200 : 503)
  })

  return app
}

const databaseProblems = (database: D1Database): Promise<string[]> =>
  findLetters(database, { limit: 1 }).then(
    () => [],
    (error) => [`OPERATIONS_DB: ${error}. Are its migrations applied?`],
  )
