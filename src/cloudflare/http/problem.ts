import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { PROBLEMS, type Problem, type ProblemCode } from '../../contracts/http/problem.ts'

type Details = { detail?: string; errors?: Problem['errors']; headers?: Record<string, string> }

/** An error answer: `application/problem+json`, its status and title by its code. */
export const problem = (c: Context, code: ProblemCode, details: Details = {}): Response => {
  const { status, title } = PROBLEMS[code]
  const body: Problem = {
    type: `urn:edge-orders:problem:${code}`,
    title,
    status,
    detail: details.detail || `${title}.`,
    code,
    ...(details.errors && { errors: details.errors }),
    traceId: c.get('traceId') ?? '',
  }
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, {
    'content-type': 'application/problem+json',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status === 503 && { 'retry-after': '5' }),
    ...details.headers,
  })
}

/** Each fault with a JSON pointer to where it is. */
export const validationProblem = (c: Context, error: z.ZodError | z.core.$ZodError): Response => {
  const errors = error.issues.flatMap(faultsOf)
  const detail = errors.map(({ path, message }) => `${path || '/'} ${message}`).join('; ')
  return problem(c, 'validation_failed', { detail, errors })
}

const faultsOf = (issue: z.core.$ZodIssue): { path: string; message: string }[] => {
  if (issue.code !== 'unrecognized_keys') return [{ path: pointer(issue.path), message: issue.message }]
  return issue.keys.map((key) => ({ path: pointer([...issue.path, key]), message: 'is not a known field' }))
}

/** RFC 6901. */
const pointer = (path: readonly PropertyKey[]): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
