import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { problem } from './problem.ts'

const BODY_BYTES_MAX = 64 * 1024

export const limitBody = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: (c) => problem(c, 'payload_too_large', { detail: `At most ${BODY_BYTES_MAX} bytes are taken.` }),
})

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

/** A body must be JSON and say so. What is in it is for the route to check. */
export const requireJson = createMiddleware(async (c, next) => {
  if (!WITH_BODY.has(c.req.method)) return await next()
  const text = await c.req.text()
  if (text === '') {
    replaceBody(c, '{}')
    return await next()
  }
  if (!/^application\/([a-z0-9.-]+\+)?json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) {
    return problem(c, 'unsupported_media_type', { detail: 'Send the body as application/json.' })
  }
  try {
    JSON.parse(text)
  } catch (error) {
    return problem(c, 'malformed_json', { detail: (error as Error).message })
  }
  return await next()
})

/** No body is an empty object: what lacks then is told field by field. */
const replaceBody = (c: Context, body: string): void => {
  const headers = new Headers(c.req.raw.headers)
  headers.set('content-type', 'application/json')
  headers.delete('content-length')
  c.req.bodyCache = {}
  c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body })
}
