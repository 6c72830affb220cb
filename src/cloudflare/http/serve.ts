import type { OpenAPIHono, RouteConfig, RouteHandler } from '@hono/zod-openapi'
import type { Context, Env, Input, TypedResponse } from 'hono'
import type { ContentfulStatusCode, StatusCode } from 'hono/utils/http-status'
import type { JSONParsed } from 'hono/utils/types'
import type { z } from 'zod'
import type { Operation } from '../../contracts/http/operation.ts'
import type { ProblemCode } from '../../contracts/http/problem.ts'
import type { KEY_PROBLEMS } from '../../contracts/http/shared-problems.ts'
import type { ProblemResponse } from './problem.ts'
import { validRequest } from './valid-request.ts'

/**
 * Serves an operation. The handler may only return the responses and the problem codes that the operation lists:
 * anything else does not compile. The library's own `openapi` takes any `Response` where one status has no content. It
 * would also read and parse the body once more, so it gets the route without the request.
 */
export const serve = <
  E extends Env,
  Route extends RouteConfig,
  Problems extends readonly ProblemCode[],
  Needs extends Operation['scope'],
  I extends Input = InputOf<Route, E>,
  P extends string = PathOf<Route, E>,
>(
  app: OpenAPIHono<E>,
  operation: Operation<Route, Problems, Needs>,
  handler: (
    c: Context<E, P, I>,
  ) => ResponseOf<Operation<Route, Problems, Needs>> | Promise<ResponseOf<Operation<Route, Problems, Needs>>>,
) => {
  const { request, ...route }: RouteConfig = operation.route
  app.openAPIRegistry.registerPath(operation.route)
  return app.openapi<RouteConfig, I, P>({ ...route, hide: true, middleware: validRequest(request) }, handler)
}

type InputOf<Route extends RouteConfig, E extends Env> =
  RouteHandler<Route, E> extends (c: Context<E, infer _P, infer I extends Input>, next: never) => unknown
    ? I
    : never

type PathOf<Route extends RouteConfig, E extends Env> =
  RouteHandler<Route, E> extends (c: Context<E, infer P extends string, infer _I>, next: never) => unknown
    ? P
    : never

/** All that a handler of the operation may return. */
export type ResponseOf<Served extends Operation> =
  | SuccessOf<Served['route']['responses']>
  | ProblemResponse<ProblemOf<Served>>

/** The problems that the operation lists, and those of every call that needs a key. */
export type ProblemOf<Served extends Operation> =
  | Served['problems'][number]
  | (Served['scope'] extends 'open' ? never : (typeof KEY_PROBLEMS)[number])

type SuccessOf<Responses> = {
  [Status in keyof Responses & StatusCode]: Responses[Status] extends { content: infer Content }
    ? ContentResponse<Content, Status>
    : Response & TypedResponse<null | undefined, Status, 'body' | 'redirect'>
}[keyof Responses & StatusCode]

type ContentResponse<Content, Status extends StatusCode> = {
  [MediaType in keyof Content]: MediaType extends 'application/json'
    ? Content[MediaType] extends { schema: infer Schema extends z.ZodType }
      ? JsonResponse<z.output<Schema>, Status>
      : never
    : MediaType extends 'text/event-stream'
      ? Response & TypedResponse<ReadableStream, Status, 'body'>
      : Response
}[keyof Content]

type JsonResponse<Body, Status extends StatusCode> = Response &
  TypedResponse<JSONParsed<Body>, Status, 'json'>

/** A status of the operation that has a JSON body, and that body. */
export type BodyOf<Served extends Operation> = JsonBodies<Served['route']['responses']>

type JsonBodies<Responses> = {
  [Status in keyof Responses & ContentfulStatusCode]: Responses[Status] extends {
    content: { 'application/json': { schema: infer Schema extends z.ZodType } }
  }
    ? { status: Status; body: z.output<Schema> }
    : never
}[keyof Responses & ContentfulStatusCode]
