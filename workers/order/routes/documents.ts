import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { getOpenApi } from '../../../src/contracts/http/documents.ts'
import { openApiDocument } from '../../../src/contracts/http/openapi.ts'
import type { Log } from '../../../src/messaging/partition.ts'

/** The contracts for programs to read, open to everybody. */
export const documentRoutes = (log: Log) => {
  const app = createApp<{ Bindings: OrderEnv }>(log)
  const openApi = once(() => JSON.stringify(openApiDocument()))

  app.openapi(getOpenApi.route, (c) => json(c, openApi()))

  return app
}

/** A document takes some milliseconds to make, and is the same for the life of an isolate. */
const once = <Value>(make: () => Value): (() => Value) => {
  const made: Value[] = []
  return () => {
    made[0] ??= make()
    return made[0]
  }
}

/** A deployment changes the contracts at most: a minute is soon enough. */
const CACHE_SECONDS = 60

const json = (c: Context, text: string) =>
  c.body(text, 200, {
    'content-type': 'application/json',
    'cache-control': `public, max-age=${CACHE_SECONDS}`,
  }) as never
