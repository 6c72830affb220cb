import {
  createFinalURL,
  createQuerySerializer,
  defaultPathSerializer,
  mergeHeaders,
  removeTrailingSlash,
} from 'openapi-fetch'
import { type Answered, answered } from './answers.ts'
import type {
  AnyParameters,
  CallOptions,
  DataOf,
  Method,
  Nothing,
  Operation,
  PathWith,
  RefusalOf,
} from './document.ts'

/** Takes a path of the document, and what its operation takes, which may be left out where all of it may. */
type Call<M extends Method> = <Path extends PathWith<M>, ETag extends string = never>(
  path: Path,
  ...options: Nothing extends CallOptions<Operation<Path, M>>
    ? [options?: CallOptions<Operation<Path, M>, ETag>]
    : [options: CallOptions<Operation<Path, M>, ETag>]
) => Promise<Answered<DataOf<Operation<Path, M>, ETag>, RefusalOf<Operation<Path, M>>>>

/** One call for each method of the document: without one of them, `callsTo` does not compile. */
export type Calls = { [M in Method as Uppercase<M>]: Call<M> }

/** Where requests go, and by which way. */
export type Edge = { url: string; credential: string; fetch(request: Request): Promise<Response> }

type Options = {
  params?: AnyParameters
  headers?: Record<string, string>
  body?: unknown
  signal?: AbortSignal | undefined
}

export const callsTo = (edge: Edge): Calls => {
  const call =
    <M extends Method>(method: Uppercase<M>): Call<M> =>
    async (path, ...[options]) =>
      answered(path, await edge.fetch(requestTo(edge, method, path, options)))
  return {
    GET: call('GET'),
    POST: call('POST'),
    PUT: call('PUT'),
    PATCH: call('PATCH'),
    DELETE: call('DELETE'),
  }
}

export const requestTo = (edge: Edge, method: string, path: string, options: Options = {}): Request => {
  const { params = {}, headers, body, signal = null } = options
  const bearer = { authorization: `Bearer ${edge.credential}` }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return new Request(addressOf(edge, path, params), {
    method,
    headers: mergeHeaders(type, bearer, headers, { ...params.header }),
    signal,
    ...sent,
  })
}

const addressOf = ({ url }: Edge, path: string, { query, path: names }: AnyParameters): string =>
  createFinalURL(path, {
    baseUrl: removeTrailingSlash(url),
    params: { query: { ...query }, path: { ...names } },
    querySerializer: createQuerySerializer(),
    pathSerializer: defaultPathSerializer,
  })
