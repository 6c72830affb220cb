import type { Context } from 'hono'
import { createRoutes } from '../../../../src/cloudflare/http/app.ts'
import { problem } from '../../../../src/cloudflare/http/problem.ts'
import { type ResponseOf, serve } from '../../../../src/cloudflare/http/serve.ts'
import {
  getApiPage,
  getAsyncApi,
  getEventSchema,
  getEventsPage,
  getOpenApi,
  getStart,
} from '../../../../src/contracts/http/documents.ts'
import type { Operation } from '../../../../src/contracts/http/operation.ts'
import { STATIC_FILES } from '../../../../src/contracts/http/static-files.ts'
import { asyncApiDocument } from '../../../../src/documents/asyncapi.ts'
import { eventSchemaDocument } from '../../../../src/documents/event-schemas.ts'
import { openApiDocument } from '../../../../src/documents/openapi.ts'
import { DOCS_PAGE_HEADERS, docsPage } from '../docs-page.tsx'
import { absenceOf, callInnerWorker } from '../inner-workers.ts'

/** The contracts, for programs and for people. They need no key. */
export const documentRoutes = () => {
  const app = createRoutes<{ Bindings: OrderEnv }>()
  const openApi = once(() => {
    const { servers: _, ...document } = openApiDocument()
    return JSON.stringify(document)
  })
  const asyncApi = once(() => JSON.stringify(asyncApiDocument()))

  serve(app, getStart, (c) => c.redirect('/docs', 302))

  serve(app, getOpenApi, (c) => {
    const { origin } = new URL(c.req.url)
    const servers = [{ url: origin, description: 'This deployment' }]
    return json<typeof getOpenApi>(c, `${openApi().slice(0, -1)},"servers":${JSON.stringify(servers)}}`)
  })

  serve(app, getAsyncApi, (c) => json<typeof getAsyncApi>(c, asyncApi()))

  // Hono reads `:version.json` as one name, so the version is cut out here.
  app.openAPIRegistry.registerPath(getEventSchema.route)
  app.get('/schemas/:type/:version{[^/]+\\.json}', (c) => {
    const { type, version } = c.req.param()
    const document = eventSchemaDocument(type, version.slice(0, -'.json'.length))
    return document === undefined ? notFound(c) : json<typeof getEventSchema>(c, JSON.stringify(document))
  })

  serve(app, getApiPage, (c) =>
    c.html(
      docsPage({ title: 'edge-orders: the HTTP API', document: '/openapi.json', path: '/docs' }),
      200,
      DOCS_PAGE_HEADERS,
    ),
  )

  serve(app, getEventsPage, (c) =>
    c.html(
      docsPage({ title: 'edge-orders: the events', document: '/asyncapi.json', path: '/docs/events' }),
      200,
      DOCS_PAGE_HEADERS,
    ),
  )

  for (const path of STATIC_FILES) {
    app.get(path, async (c) => {
      const request = new Request(c.req.raw, { redirect: 'manual' })
      const file = await callInnerWorker(c.env, 'operations', (worker) => worker.fetch(request))
      if (file === undefined) return problem(c, 'misconfigured', { detail: absenceOf(['operations']) })
      return file.status === 404 ? notFound(c) : file
    })
  }
  app.all('/schemas/*', notFound)
  app.all('/docs/*', notFound)

  return app
}

/** Making a document takes some milliseconds, and the result is the same for the life of an isolate. */
const once = <Value>(make: () => Value): (() => Value) => {
  const made: Value[] = []
  return () => {
    made[0] ??= make()
    return made[0]
  }
}

/** Only a deployment changes the contracts: a minute is soon enough. */
const CACHE_SECONDS = 60

/** The document is text already: nothing reads it again, so this gives the response its operation's type. */
const json = <Served extends Operation>(c: Context, text: string): ResponseOf<Served> => {
  const response: Response = c.body(text, 200, {
    'content-type': 'application/json',
    'cache-control': `public, max-age=${CACHE_SECONDS}`,
  })
  return response as ResponseOf<Served>
}

const notFound = (c: Context) => problem(c, 'not_found', { detail: `There is no document at ${c.req.path}.` })
