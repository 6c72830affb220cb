import type { Context } from 'hono'
import type { z } from 'zod'
import type { Caller } from '../../../../src/contracts/caller.ts'
import { type Problem, problemSchema } from '../../../../src/contracts/http/problem.ts'
import { type Result, refusal, success } from '../../../../src/kernel/result.ts'
import type { OrderRoutesEnv } from '../../variables.ts'
import { asCaller } from '../in-process-caller.ts'

/** Calls the whole app in process. */
export type Call = (request: Request, env: OrderEnv, ctx: ExecutionContext) => Response | Promise<Response>

type Json<Schema> = { content: { 'application/json': { schema: Schema } } }

/** A call of the contract that responds with JSON. */
type Served<Schema extends z.ZodType> = {
  route: { responses: { 200: Json<Schema> } | { 201: Json<Schema> } }
}

/** A call of the contract that removes something, and may say what went with it. */
type Removing<Schema extends z.ZodType> = { route: { responses: { 200?: Json<Schema>; 204: object } } }

type Query = Readonly<Record<string, string | number | undefined>>

export type Answer<Value> = Result<Value, Problem>

/** The API for the caller of a session. Every page and every action goes through it. */
export type Api = {
  /** Reads a JSON response. The call only gives its type: a response is checked where it is made. */
  read<Schema extends z.ZodType>(
    call: Served<Schema>,
    path: string,
    query?: Query,
  ): Promise<Answer<z.infer<Schema>>>
  text(path: string): Promise<Answer<string>>
  /** A live stream, as the API sends it. `after` is the last event that its reader has. */
  stream(path: string, after: string | undefined): Promise<Response>
  /** A `POST` whose response is read. Without an `attempt` it is one that changes nothing, such as a dry run. */
  post<Schema extends z.ZodType>(
    call: Served<Schema>,
    path: string,
    body: object,
    attempt?: string,
  ): Promise<Answer<z.infer<Schema>>>
  /** A changing call. `attempt` makes it take effect once, however often the form is sent. */
  send(path: string, body: object, attempt: string): Promise<Answer<null>>
  /** A changing call that has the same effect however often it is made. */
  patch(path: string, body: object): Promise<Answer<null>>
  put(path: string, body: object): Promise<Answer<null>>
  /** The result is null where the response has no body. */
  remove<Schema extends z.ZodType>(
    call: Removing<Schema>,
    path: string,
    query?: Query,
  ): Promise<Answer<z.infer<Schema> | null>>
}

/** The API as it is served to others, with the caller's scopes, limits and problems. */
export const createApi = (outer: Context<OrderRoutesEnv>, caller: Caller, call: Call): Api => {
  const { origin } = new URL(outer.req.url)
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('traceparent', outer.get('traceparent'))
    const address = outer.req.header('cf-connecting-ip')
    if (address !== undefined) headers.set('cf-connecting-ip', address)
    const request = new Request(new URL(path, origin), { ...init, headers })
    return await call(asCaller(request, caller), outer.env, outer.executionCtx as ExecutionContext)
  }
  const sendJson = (method: string, path: string, body: object, attempt?: string): Promise<Response> => {
    const key = attempt === undefined ? {} : { 'idempotency-key': attempt }
    const headers = { 'content-type': 'application/json', ...key }
    return ask(path, { method, headers, body: JSON.stringify(body) })
  }
  return {
    read: async (_call, path, query = {}) => {
      const response = await ask(path + searchOf(query))
      return isProblem(response) ? refusal(await problemOf(response)) : success(await response.json())
    },
    text: async (path) => {
      const response = await ask(path)
      return response.ok ? success(await response.text()) : refusal(await problemOf(response))
    },
    stream: (path, after) => {
      const resumed = after === undefined ? {} : { 'last-event-id': after }
      return ask(path, { headers: { accept: 'text/event-stream', ...resumed } })
    },
    post: async (_call, path, body, attempt) => {
      const response = await sendJson('POST', path, body, attempt)
      return response.ok ? success(await response.json()) : refusal(await problemOf(response))
    },
    send: async (path, body, attempt) => {
      const response = await sendJson('POST', path, body, attempt)
      return response.ok ? success(null) : refusal(await problemOf(response))
    },
    patch: async (path, body) => {
      const response = await sendJson('PATCH', path, body)
      return response.ok ? success(null) : refusal(await problemOf(response))
    },
    put: async (path, body) => {
      const response = await sendJson('PUT', path, body)
      return response.ok ? success(null) : refusal(await problemOf(response))
    },
    remove: async (_call, path, query = {}) => {
      const response = await ask(path + searchOf(query), { method: 'DELETE' })
      if (!response.ok) return refusal(await problemOf(response))
      return success(response.status === 204 ? null : await response.json())
    },
  }
}

const searchOf = (query: Query): string => {
  const set = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  )
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`
}

/** Not by the status: readiness responds with 503 and what it found. */
const isProblem = (response: Response): boolean =>
  response.headers.get('content-type') === 'application/problem+json'

const problemOf = async (response: Response): Promise<Problem> => problemSchema.parse(await response.json())
