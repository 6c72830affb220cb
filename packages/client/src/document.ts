import type { paths } from './schema.ts'

type HttpMethod = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch' | 'trace'

/** The paths that answer to a method: all others have `never` for it. */
export type PathWith<M extends HttpMethod> = {
  [Path in keyof paths]: paths[Path] extends Record<M, unknown> ? Path : never
}[keyof paths]

/** The methods that some path of the document answers to. */
export type Method = { [M in HttpMethod]: PathWith<M> extends never ? never : M }[HttpMethod]

export type Operation<Path extends keyof paths, M extends Method> = paths[Path][M]

/** What fits here has nothing that must be given. */
export type Nothing = Record<never, never>

/** Values by name, by where they stand in a request. */
export type AnyParameters = { query?: object; header?: object; path?: object }

type ParametersOf<Op> = Op extends { parameters: infer Parameters extends AnyParameters } ? Parameters : never

type Params<Parameters> = Nothing extends Parameters ? { params?: Parameters } : { params: Parameters }

type Body<Op> = Op extends { requestBody: { content: infer Content } }
  ? { body: Content[keyof Content] }
  : Op extends { requestBody?: { content: infer Content } }
    ? { body?: Content[keyof Content] }
    : { body?: never }

/** A version that the caller has already: an answer of 304 then brings no data. */
type KnownVersion<Op, ETag> = Op extends { responses: { 304: unknown } }
  ? { params?: { header?: { 'If-None-Match'?: ETag } } }
  : unknown

/** What a call takes beside its path. */
export type CallOptions<Op, ETag = string> = Params<ParametersOf<Op>> &
  Body<Op> &
  KnownVersion<Op, ETag> & { headers?: Record<string, string>; signal?: AbortSignal | undefined }

type ResponsesOf<Op> = Op extends { responses: infer Responses } ? Responses : never

type DataIn<Answer> = Answer extends { content: { 'application/json': infer Json } }
  ? Json
  : Answer extends { content: { 'text/html': infer Text } }
    ? Text
    : Answer extends { content: object }
      ? never
      : undefined

type DataOfEach<Responses> = DataIn<Responses[Exclude<keyof Responses, 304>]>

/** What an operation brings: JSON, the text of a page, or `undefined` where its answer is empty. */
export type DataOf<Op, ETag = never> =
  | DataOfEach<ResponsesOf<Op>>
  | ([ETag] extends [never] ? never : undefined)

type ProblemIn<Answer> = Answer extends { content: { 'application/problem+json': infer Problem } }
  ? Problem
  : never

type ProblemOfEach<Responses> = ProblemIn<Responses[keyof Responses]>

/** The problems that an operation can answer with: each `code` that its part of the document names. */
export type RefusalOf<Op> = ProblemOfEach<ResponsesOf<Op>>
