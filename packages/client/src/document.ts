import type { paths } from './schema.ts'

type HttpMethod = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch' | 'trace'

/** The paths that have a method. The document gives `never` for a method that a path does not have. */
export type PathWith<M extends HttpMethod> = {
  [Path in keyof paths]: paths[Path] extends Record<M, unknown> ? Path : never
}[keyof paths]

/** The methods that at least one path of the document has. */
export type Method = { [M in HttpMethod]: PathWith<M> extends never ? never : M }[HttpMethod]

export type Operation<Path extends keyof paths, M extends Method> = paths[Path][M]

/** A type that this extends has no required property. */
export type Nothing = Record<never, never>

/** Values by name, for each part of a request. */
export type AnyParameters = { query?: object; header?: object; path?: object }

type ParametersOf<Op> = Op extends { parameters: infer Parameters extends AnyParameters } ? Parameters : never

type Params<Parameters> = Nothing extends Parameters ? { params?: Parameters } : { params: Parameters }

type Body<Op> = Op extends { requestBody: { content: infer Content } }
  ? { body: Content[keyof Content] }
  : Op extends { requestBody?: { content: infer Content } }
    ? { body?: Content[keyof Content] }
    : { body?: never }

/** The version that the caller already has. The response may then be 304, without data. */
type KnownVersion<Op, ETag> = Op extends { responses: { 304: unknown } }
  ? { params?: { header?: { 'If-None-Match'?: ETag } } }
  : unknown

/** The options of a call, beside its path. */
export type CallOptions<Op, ETag = string> = Params<ParametersOf<Op>> &
  Body<Op> &
  KnownVersion<Op, ETag> & { headers?: Record<string, string>; signal?: AbortSignal | undefined }

type ResponsesOf<Op> = Op extends { responses: infer Responses } ? Responses : never

type DataIn<Part> = Part extends { content: { 'application/json': infer Json } }
  ? Json
  : Part extends { content: { 'text/html': infer Text } | { 'text/plain': infer Text } }
    ? Text
    : Part extends { content: object }
      ? never
      : undefined

type DataOfEach<Responses> = DataIn<Responses[Exclude<keyof Responses, 304>]>

/** The data of an operation's response: JSON, the text of a page or of metrics, or `undefined` for an empty response. */
export type DataOf<Op, ETag = never> =
  | DataOfEach<ResponsesOf<Op>>
  | ([ETag] extends [never] ? never : undefined)

type ProblemIn<Part> = Part extends { content: { 'application/problem+json': infer Problem } }
  ? Problem
  : never

type ProblemOfEach<Responses> = ProblemIn<Responses[keyof Responses]>

/** The problems that an operation can respond with: one for each `code` in its part of the document. */
export type RefusalOf<Op> = ProblemOfEach<ResponsesOf<Op>>
