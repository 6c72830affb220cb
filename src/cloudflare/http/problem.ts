import type { Context, TypedResponse } from 'hono'
import type { z } from 'zod'
import { type Fault, PROBLEMS, type Problem, type ProblemCode } from '../../contracts/http/problem.ts'
import { jsonPointer } from '../../contracts/json-pointer.ts'
import { traceIdOf } from './trace.ts'

type Details = { detail?: string; errors?: Problem['errors']; headers?: Record<string, string> }

/** The type carries the code, so that the compiler knows which problems a handler can return. */
export type ProblemResponse<Code extends ProblemCode> = Response &
  TypedResponse<Problem & { code: Code }, (typeof PROBLEMS)[Code]['status'], 'json'>

/** An error response: `application/problem+json`, its status and title by its code. */
export const problem = <const Code extends ProblemCode>(
  c: Context,
  code: Code,
  details: Details = {},
): ProblemResponse<Code> => {
  const { status, title }: (typeof PROBLEMS)[ProblemCode] = PROBLEMS[code]
  const body: Problem = {
    type: `urn:edge-orders:problem:${code}`,
    title,
    status,
    detail: details.detail || `${title}.`,
    code,
    ...(details.errors && { errors: details.errors }),
    traceId: traceIdOf(c) ?? '',
  }
  const response: Response = c.body(JSON.stringify(body), status, {
    'content-type': 'application/problem+json',
    ...(status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(status === 503 && { 'retry-after': '5' }),
    ...details.headers,
  })
  return response as ProblemResponse<Code>
}

export const UNKNOWN_FIELD = 'is not a known field'

/** Each fault of a request, with a JSON pointer to its place. */
export const validationProblem = (c: Context, error: z.ZodError | z.core.$ZodError) =>
  faultyProblem(c, 'validation_failed', error.issues.flatMap(faultsOf))

/** A problem that lies in places of the body; its detail names them all. */
export const faultyProblem = <const Code extends ProblemCode>(
  c: Context,
  code: Code,
  errors: readonly Fault[],
  headers: Record<string, string> = {},
): ProblemResponse<Code> => {
  const detail = errors.map(({ path, message }) => `${path || '/'} ${message}`).join('; ')
  return problem(c, code, { detail, errors: [...errors], headers })
}

const faultsOf = (issue: z.core.$ZodIssue): Fault[] => {
  if (issue.code !== 'unrecognized_keys') return [{ path: jsonPointer(issue.path), message: issue.message }]
  return issue.keys.map((key) => ({
    path: jsonPointer([...issue.path, key]),
    message: UNKNOWN_FIELD,
  }))
}
