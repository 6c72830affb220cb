import type { Context } from 'hono'

/**
 * The headers of the response, to be changed after the route has made it. Hono's `c.header` copies the whole response
 * each time. Only a response of another Worker has to be copied: its headers cannot be changed.
 */
export const responseHeaders = (c: Context): Headers => {
  if (canChange(c.res.headers)) return c.res.headers
  const copy = new Response(c.res.body, c.res)
  c.res = undefined
  c.res = copy
  return copy.headers
}

/** Nothing but an attempt shows it. */
const canChange = (headers: Headers): boolean => {
  try {
    headers.delete('x-edge-orders-probe')
    return true
  } catch {
    return false
  }
}
