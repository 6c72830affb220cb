import {
  createFinalURL,
  createQuerySerializer,
  defaultPathSerializer,
  mergeHeaders,
  removeTrailingSlash,
} from 'openapi-fetch'
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
import { type CallResult, readResult } from './results.ts'

/** Takes a path of the document and the options of its operation. The options may be left out if none is required. */
type Call<M extends Method> = <Path extends PathWith<M>, ETag extends string = never>(
  path: Path,
  ...options: Nothing extends CallOptions<Operation<Path, M>>
    ? [options?: CallOptions<Operation<Path, M>, ETag>]
    : [options: CallOptions<Operation<Path, M>, ETag>]
) => Promise<CallResult<DataOf<Operation<Path, M>, ETag>, RefusalOf<Operation<Path, M>>>>

/** One call for each method of the document. `callsTo` compiles only if it has all of them. */
export type Calls = { [M in Method as Uppercase<M>]: Call<M> }

/** Where requests go, with which credential, and by which `fetch`. */
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
      readResult(path, await edge.fetch(requestTo(edge, method, path, options)))
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
