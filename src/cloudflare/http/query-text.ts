import { createMiddleware } from 'hono/factory'
import { jsonPointer } from '../../contracts/json-pointer.ts'
import { faultyProblem } from './problem.ts'

/**
 * For routes with a query: what is percent-encoded in it is UTF-8. Other bytes would be taken for the percent signs
 * that they are written with, and ask for another text. A percent sign before no byte stands for itself.
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
