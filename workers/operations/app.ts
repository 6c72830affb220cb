import { createApp } from '../../src/cloudflare/http/app.ts'
import { type CallerVariables, forwardedCaller } from '../../src/cloudflare/http/caller.ts'
import { type TraceVariables, trace } from '../../src/cloudflare/http/trace.ts'
import type { Log } from '../../src/messaging/partition.ts'
import { deadLetterRoutes } from './routes/dead-letters.ts'
import { healthRoutes } from './routes/health.ts'

export type OperationsRoutesEnv = {
  Bindings: OperationsEnv
  Variables: TraceVariables & CallerVariables
}

/** Dead letters over HTTP, for operators that the edge has let in. */
export const createOperationsApp = (log: Log) => {
  const app = createApp<OperationsRoutesEnv>(log)
  app.use(trace)
  app.route('/', healthRoutes(log))
  app.use(forwardedCaller)
  app.route('/', deadLetterRoutes(log))
  return app
}
