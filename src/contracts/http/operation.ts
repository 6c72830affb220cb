import type { RouteConfig } from '@hono/zod-openapi'
import { z } from 'zod'
import type { Scope } from '../caller.ts'
import type { RequestHeader, ResponseHeader } from './headers.ts'
import type { ProblemCode } from './problem.ts'

/** One call of the HTTP API: its validation, the scope that it needs, and its problems. */
export type Operation<
  Route extends RouteConfig = RouteConfig,
  Problems extends readonly ProblemCode[] = readonly ProblemCode[],
  Needs extends Scope | 'open' = Scope | 'open',
> = {
  /** The scope that a key needs for this call. A call that is `open` needs no key. */
  scope: Needs
  /** The bearer of a read token may make this call too, without a key, for the order in the path. */
  isOpenToReadTokens?: true
  /** The problems of this call alone, beside those that all calls share. */
  problems: Problems
  /** The request headers that change what the call does, beside the idempotency key. */
  headers?: readonly RequestHeader[]
  route: Route
}

/** Keeps the exact types of the route, the problems and the scope: the compiler checks each handler against them. */
export const operation = <
  Route extends RouteConfig,
  const Problems extends readonly ProblemCode[],
  const Needs extends Scope | 'open',
>(
  call: Operation<Route, Problems, Needs>,
): Operation<Route, Problems, Needs> => call

/** Whether the call takes an idempotency key. */
export const isIdempotent = ({ problems }: Operation): boolean => problems.includes('idempotency_key_reused')

/** Whether the call needs no key. */
export const isOpen = (call: Operation): boolean => call.scope === 'open'

export const isOpenToReadTokens = (call: Operation): boolean => call.isOpenToReadTokens === true

/** Whether the path names an order: by its unique id, or by the id that its client gave it. */
export const namesOrder = ({ route }: Operation): boolean => route.path.includes('{orderId}')

/**
 * The query parameters that a call takes. `undefined` where the call has a schema for them, which refuses all others. A
 * read token may stand in the address.
 */
export const knownQueryOf = (call: Operation): readonly string[] | undefined => {
  if (call.route.request?.query !== undefined) return undefined
  return [...(isOpenToReadTokens(call) ? ['token'] : []), ...(namesOrder(call) ? ['client'] : [])]
}

/** The media types of a call's body. A call that documents no body takes an empty one. */
export const mediaTypesOf = ({ request }: RouteConfig): string[] =>
  Object.keys(request?.body?.content ?? { 'application/json': {} })

export const hasQuery = ({ request }: RouteConfig): boolean => request?.query !== undefined

/** A JSON request body. */
export const jsonBody = <Schema>(schema: Schema, isRequired: boolean, example?: unknown) => ({
  required: isRequired,
  content: { 'application/json': { schema, ...(example !== undefined && { example }) } },
})

type ResponseDetails = { example?: unknown; headers?: readonly ResponseHeader[] }

/** A JSON response. */
export const jsonResponse = <Schema>(schema: Schema, description: string, details: ResponseDetails = {}) => ({
  description,
  ...(details.headers && { headers: headerReferences(details.headers) }),
  content: {
    'application/json': { schema, ...(details.example !== undefined && { example: details.example }) },
  },
})

/** A page for people. */
export const webPage = (description: string) => ({
  description,
  content: { 'text/html': { schema: { type: 'string' as const } } },
})

/** Where the document describes these headers. */
export const headerReferences = (names: readonly ResponseHeader[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

/** One page of a list. */
export const pageOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({
    items: z.array(item),
    nextCursor: z
      .string()
      .optional()
      .meta({ description: 'Hand it back as `cursor` to get the next page. The last page has none.' }),
  })
