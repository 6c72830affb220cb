import type { RefusalOf } from './document.ts'
import type { components, operations } from './schema.ts'

/** The problems that one operation can answer with, by its `operationId`. */
export type ProblemOf<Id extends keyof operations> = RefusalOf<operations[Id]>

type CodeOf<Any> = Any extends { code: infer Code extends string } ? Code : never

export type ProblemCode = { [Id in keyof operations]: CodeOf<ProblemOf<Id>> }[keyof operations]

export type Problem = components['schemas']['Problem'] & { code: ProblemCode }

/** An answer that is a problem (RFC 9457), for callers who would rather catch than look. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: ProblemCode
  readonly status: number
  readonly problem: Problem
  /** The header `Retry-After`, where the answer had one. */
  readonly retryAfter: string | null

  constructor(problem: Problem, { headers }: Pick<Response, 'headers'>) {
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
