import { createMiddleware } from 'hono/factory'

/**
 * What browsers are told about every answer. An answer is data: no page may show it, frame it or keep it. A route that
 * serves a page says otherwise by setting the header itself.
 */
const DEFAULTS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // Two years, the least that browsers' preload lists take. Over plain HTTP, as locally, browsers ignore it.
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
}

export const securityHeaders = createMiddleware(async (c, next) => {
  await next()
  // The first one by Hono, which copies an answer that came from another Worker: those cannot be changed.
  c.header('x-content-type-options', 'nosniff')
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (!c.res.headers.has(name)) c.res.headers.set(name, value)
  }
})
