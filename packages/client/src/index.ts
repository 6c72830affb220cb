/** The typed client of the HTTP API, for browsers, Node and Workers. */
export type { Calls } from './calls.ts'
export { type Client, type ClientOptions, createClient } from './client.ts'
export type { Environment } from './environment.ts'
export type {
  Order,
  OrderCalls,
  PlacedOrder,
  PlaceOptions,
  PlaceOrder,
  WaitOptions,
  WatchOptions,
} from './orders.ts'
export { pages, type ReadPage } from './pages.ts'
export {
  ApiProblem,
  ForeignAnswer,
  NoAnswer,
  type Problem,
  type ProblemCode,
  type ProblemOf,
} from './problem.ts'
export { type Answered, type CallResult, orThrow } from './results.ts'
export type { RetryOptions } from './retry.ts'
export type { components, operations, paths } from './schema.ts'
export type { OrderEvent } from './watch.ts'
