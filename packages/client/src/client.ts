import { type Calls, callsTo } from './calls.ts'
import { type Environment, platform } from './environment.ts'
import { type OrderCalls, orderCalls } from './orders.ts'
import { type RetryOptions, retrying } from './retry.ts'

/** A key for the shop's backend, or the read token of one order for its customer's browser. */
type Credential = { key: string; token?: never } | { token: string; key?: never }

export type ClientOptions = Credential & {
  /** The address of the system, such as `https://orders.example.com`. */
  url: string
  retries?: RetryOptions
  /** Sends the requests instead of the platform's own `fetch`. */
  fetch?: Environment['fetch']
  /** For tests: clock, pauses and random numbers. */
  environment?: Partial<Environment>
}

export type Client = Calls & OrderCalls

/**
 * Every call of the HTTP API, by method and path, with the types of its document:
 * `const { data, error, response } = await api.GET('/orders/{orderId}', { params: { path: { orderId } } })`.
 * A refusal is in `error`. A call throws only if the API did not respond: a `NoAnswer` without any response, a
 * `ForeignAnswer` if another program, such as a proxy, sent the response.
 */
export const createClient = (options: ClientOptions): Client => {
  const { url, key, token, retries, fetch, environment } = options
  const surroundings = { ...platform, ...(fetch && { fetch }), ...environment }
  const edge = { url, credential: key ?? token, fetch: retrying(surroundings, retries) }
  return { ...callsTo(edge), ...orderCalls(edge, surroundings) }
}
