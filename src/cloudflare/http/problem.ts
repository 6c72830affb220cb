import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { z } from 'zod'
import { type Fault, PROBLEMS, type Problem, type ProblemCode } from '../../contracts/http/problem.ts'
import { jsonPointer } from '../../contracts/json-pointer.ts'

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

export const UNKNOWN_FIELD = 'is not a known field'

/** Each fault with a JSON pointer to where it is. */
export const validationProblem = (c: Context, error: z.ZodError | z.core.$ZodError): Response =>
  faultyProblem(c, 'validation_failed', error.issues.flatMap(faultsOf))

/** A problem that lies in places of the body; its detail tells them all. */
export const faultyProblem = (c: Context, code: ProblemCode, errors: readonly Fault[]): Response => {
  const detail = errors.map(({ path, message }) => `${path || '/'} ${message}`).join('; ')
  return problem(c, code, { detail, errors: [...errors] })
}

const faultsOf = (issue: z.core.$ZodIssue): Fault[] => {
  if (issue.code !== 'unrecognized_keys') return [{ path: jsonPointer(issue.path), message: issue.message }]
  return issue.keys.map((key) => ({
    path: jsonPointer([...issue.path, key]),
    message: UNKNOWN_FIELD,
  }))
}
