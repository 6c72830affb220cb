import type { RouteConfig } from '@hono/zod-openapi'
import type { Context, MiddlewareHandler } from 'hono'
import { createMiddleware } from 'hono/factory'
import { validator } from 'hono/validator'
import { z } from 'zod'
import { validationProblem } from './problem.ts'
import { bodyOf } from './request-body.ts'

/** Validates the parts of a request that the route has schemas for. `c.req.valid` has the results. */
export const validRequest = (request: RouteConfig['request']): MiddlewareHandler[] => {
  const json = request?.body?.content['application/json']
  const body = json !== undefined && 'schema' in json ? json.schema : undefined
  return [
    ...(request?.query instanceof z.ZodType ? [validator('query', checkedBy(request.query))] : []),
    ...(request?.params instanceof z.ZodType ? [validator('param', checkedBy(request.params))] : []),
    ...(body instanceof z.ZodType ? [validBody(body)] : []),
  ]
}

const checkedBy = (schema: z.ZodType) => (value: unknown, c: Context) => {
  const checked = schema.safeParse(value)
  return checked.success ? checked.data : validationProblem(c, checked.error)
}

/** The one place where the body of a request is validated. No body counts as an empty object. */
const validBody = (schema: z.ZodType) =>
  createMiddleware(async (c, next) => {
    const { text, value } = await bodyOf(c)
    const checked = schema.safeParse(text === '' ? {} : value)
    if (!checked.success) return validationProblem(c, checked.error)
    c.req.addValidatedData('json', checked.data as object)
    return await next()
  })
