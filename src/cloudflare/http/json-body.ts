import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { problem } from './problem.ts'

const BODY_BYTES_MAX = 64 * 1024

export const limitBody = bodyLimit({
  maxSize: BODY_BYTES_MAX,
  onError: (c) => problem(c, 'payload_too_large', { detail: `At most ${BODY_BYTES_MAX} bytes are taken.` }),
})

/** A body must be JSON and say so. What is in it is for the route to check. */
export const requireJson = createMiddleware(async (c, next) => {
  if (c.req.method !== 'POST' && c.req.method !== 'PUT') return await next()
  const text = await c.req.text()
  if (text === '') return await next()
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
