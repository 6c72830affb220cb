import { createMiddleware } from 'hono/factory'
import { responseHeaders } from './response-headers.ts'

/**
 * Headers for browsers on every response. A response is data: no page may show it, frame it or keep it. A route that
 * serves a page overrides a header by setting it itself.
 */
const DEFAULTS = Object.entries({
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // Two years, the least that browsers' preload lists take. Over plain HTTP, as locally, browsers ignore it.
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
})

export const securityHeaders = createMiddleware(async (c, next) => {
  await next()
  const headers = responseHeaders(c)
  headers.set('x-content-type-options', 'nosniff')
  for (const [name, value] of DEFAULTS) {
    if (!headers.has(name)) headers.set(name, value)
  }
})
