import type { RouteConfig } from '@hono/zod-openapi'
import { z } from 'zod'
import type { Scope } from '../caller.ts'
import type { ProblemCode } from './problem.ts'

/** One call of the HTTP API: what validates it, who may make it, what can be wrong with it. */
export type Operation<Route extends RouteConfig = RouteConfig> = {
  /** What a key needs to make this call; `open` is for everybody. */
  scope: Scope | 'open'
  /** The problems of this call's own, beside those that every call shares. */
  problems: readonly ProblemCode[]
  route: Route
}

/** Keeps the route's exact type, from which handlers and clients get theirs. */
export const operation = <Route extends RouteConfig>(call: Operation<Route>): Operation<Route> => call

/** A JSON request body. */
export const jsonBody = <Schema>(schema: Schema, isRequired: boolean) => ({
  required: isRequired,
  content: { 'application/json': { schema } },
})

/** A JSON answer. */
export const jsonAnswer = <Schema>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
})

/** One page of a list. */
export const pageOf = <Schema extends z.ZodType>(item: Schema) =>
  z.object({ items: z.array(item), nextCursor: z.string().optional() })
