/** The typed client of the HTTP API, for browsers, Node and Workers. */
export { type Client, type ClientOptions, createClient } from './client.ts'
export type { Environment } from './environment.ts'
export type { Order, PlaceOptions, PlaceOrder, WaitOptions, WatchOptions } from './orders.ts'
export { pages, type ReadPage } from './pages.ts'
export { ApiProblem, ForeignAnswer, NoAnswer, orThrow, type ProblemCode, type ProblemOf } from './problem.ts'
export type { RetryOptions } from './retry.ts'
export type { components, operations, paths } from './schema.ts'
export type { OrderEvent } from './watch.ts'
