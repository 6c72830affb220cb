import type { RefusalOf } from './document.ts'
import type { components, operations } from './schema.ts'

/** The problems that one operation can respond with, by its `operationId`. */
export type ProblemOf<Id extends keyof operations> = RefusalOf<operations[Id]>

type CodeOf<Any> = Any extends { code: infer Code extends string } ? Code : never

export type ProblemCode = { [Id in keyof operations]: CodeOf<ProblemOf<Id>> }[keyof operations]

export type Problem = components['schemas']['Problem'] & { code: ProblemCode }

/** A response that is a problem (RFC 9457), for callers that prefer `catch` to `if (error)`. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly code: ProblemCode
  readonly status: number
  readonly problem: Problem
  /** The header `Retry-After` of the response; null without one. */
  readonly retryAfter: string | null

  constructor(problem: Problem, { headers }: Pick<Response, 'headers'>) {
    super(`${problem.status} ${problem.code}: ${problem.detail}`)
    this.code = problem.code
    this.status = problem.status
    this.problem = problem
    this.retryAfter = headers.get('retry-after')
  }
}

/** No attempt got a response. `cause` is the error of the last attempt. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** A response that the API never sends. It comes from a program between client and system, such as a proxy. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer'
}
