import { WorkerEntrypoint } from 'cloudflare:workers'
import type { Env, Hono } from 'hono'
import { callerSchema } from '../../contracts/caller.ts'
import type { Sample } from '../../contracts/metrics.ts'
import { createSharedMeasure } from '../metrics.ts'
import type { InnerWorker } from './inner-worker.ts'

/**
 * The entrypoint of an inner Worker that the edge is bound to. A service binding reaches it by name. No HTTP request
 * reaches it, not even one to the Worker's own port. So the caller that comes with `handle` was verified by the edge.
 */
export const createInternalApi = <Bindings extends object, E extends Env & { Bindings: Bindings }>(
  app: Pick<Hono<E>, 'fetch'>,
  measure: (env: Bindings) => Promise<Sample[]>,
) => {
  const share = createSharedMeasure()
  return class extends WorkerEntrypoint<Bindings> implements InnerWorker {
    override async fetch(request: Request): Promise<Response> {
      return await app.fetch(request, this.env, this.ctx)
    }

    async handle(request: Request, caller: unknown): Promise<Response> {
      const env = { ...this.env, caller: callerSchema.parse(caller) }
      return await app.fetch(request, env, this.ctx)
    }

    async measure(): Promise<Sample[]> {
      return await share(
        () => measure(this.env),
        (result) => this.ctx.waitUntil(result),
      )
    }
  }
}
