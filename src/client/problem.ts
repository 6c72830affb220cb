import type { components, operations } from './schema.ts'

type ProblemIn<Answer> = Answer extends { content: { 'application/problem+json': infer Problem } }
  ? Problem
  : never

/** The problems that one operation can answer with: each `code` that its part of the document names. */
export type ProblemOf<Id extends keyof operations> = ProblemIn<
  operations[Id]['responses'][keyof operations[Id]['responses']]
>

type Problem = components['schemas']['Problem']

type CodeOf<Any> = Any extends { code: infer Code extends string } ? Code : never

export type ProblemCode = { [Id in keyof operations]: CodeOf<ProblemOf<Id>> }[keyof operations]

/** An answer that is a problem (RFC 9457), for callers who would rather catch than look. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: ProblemCode
  readonly status: number
  readonly problem: Problem
  /** The header `Retry-After`, where the answer had one. */
  readonly retryAfter: string | null

  constructor(problem: Problem & { code: ProblemCode }, { headers }: Pick<Response, 'headers'>) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`)
    this.code = problem.code
    this.status = problem.status
    this.problem = problem
    this.retryAfter = headers.get('retry-after')
  }
}

/** No answer came, however often it was asked: `cause` is what went wrong the last time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** An answer that the API does not give: what stands between client and system, such as a proxy, has its own words. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer'
}

/** As openapi-fetch answers: one of the two is there, `data` also where it is empty. */
export type Answered<Data> =
  | { data: Data; error?: never; response: Response }
  | { data?: never; error: unknown; response: Response }

/** The data of an answer. Throws an `ApiProblem` where it is a problem. */
export const orThrow = async <Data>(call: Promise<Answered<Data>>): Promise<Data> => {
  const answer = await call
  if (!('error' in answer)) return answer.data
  const { error, response } = answer
  throw isProblem(error) ? new ApiProblem(error, response) : new ForeignAnswer(unexpected(response, error))
}

const isProblem = (error: unknown): error is Problem & { code: ProblemCode } =>
  typeof error === 'object' && error !== null && 'code' in error && 'detail' in error

const SHOWN_LENGTH_MAX = 200

const unexpected = ({ status }: Response, error: unknown): string =>
  `The answer was ${status}, without what the API answers with: ${String(error).slice(0, SHOWN_LENGTH_MAX)}`
