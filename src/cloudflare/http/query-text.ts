import { createMiddleware } from 'hono/factory'
import { jsonPointer } from '../../contracts/json-pointer.ts'
import { faultyProblem } from './problem.ts'

/**
 * For routes with a query: percent-encoded bytes in it must be UTF-8. Other bytes would be read as literal percent signs,
 * so the query would mean another text. A percent sign without two digits stands for itself.
 */
export const requireTextQuery = createMiddleware(async (c, next) => {
  const [, query = ''] = /\?([^#]*)/.exec(c.req.url) ?? []
  const faults = query
    .split('&')
    .filter((pair) => !isText(pair))
    .map((pair) => ({ path: jsonPointer(pair.split('=', 1)), message: 'is not UTF-8' }))
  return faults.length > 0 ? faultyProblem(c, 'validation_failed', faults) : await next()
})

const isText = (pair: string): boolean => {
  const runs = pair.match(/(?:%[0-9A-Fa-f]{2})+/g) ?? []
  try {
    runs.forEach(decodeURIComponent)
    return true
  } catch {
    return false
  }
}
