import createFetchClient from 'openapi-fetch'
import { type Environment, platform } from './environment.ts'
import { orderCalls } from './orders.ts'
import { type RetryOptions, retrying } from './retry.ts'
import type { paths } from './schema.ts'

/** A key of the shop's backend, or the read token of one order for its customer's browser. */
type Credential = { key: string; token?: never } | { token: string; key?: never }

export type ClientOptions = Credential & {
  /** Where the system is: `https://orders.example.com`. */
  url: string
  retries?: RetryOptions
  /** What to send requests with instead of the platform's own `fetch`. */
  fetch?: Environment['fetch']
  /** For tests: clock, pauses and chance. */
  environment?: Partial<Environment>
}

/** The live stream of events, the one answer of another type, has a call of its own. */
type AnswerType = 'application/json' | 'application/problem+json'

export type Client = ReturnType<typeof createClient>

/**
 * Every call of the HTTP API, by method and path, with the types of its document:
 * `const { data, error, response } = await api.GET('/orders/{orderId}', { params: { path: { orderId } } })`.
 * An expected refusal is in `error`; only where no answer came at all it throws, a `NoAnswer`.
 */
export const createClient = ({ url, key, token, retries, fetch, environment }: ClientOptions) => {
  const surroundings = { ...platform, ...(fetch && { fetch }), ...environment }
  const { GET, POST, PUT, DELETE } = createFetchClient<paths, AnswerType>({
    baseUrl: url,
    headers: { authorization: `Bearer ${key ?? token}` },
    fetch: retrying(surroundings, retries),
  })
  const calls = { GET, POST, PUT, DELETE }
  return { ...calls, ...orderCalls(calls, surroundings) }
}
