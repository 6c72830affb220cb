import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Env } from 'hono'
import type { Faults } from '../../contracts/http/drills.ts'
import type { Subscriber } from '../../contracts/topology.ts'
import type { QueueMessage } from '../../messaging/consume.ts'

/** As much of a queue as a publisher needs. */
export type Outbox = Pick<Queue, 'sendBatch'>

/** What a bank says that responds and does nothing. */
type BankError = { kind: 'error'; detail: string }

/** Passes the request with which faults were set on to all other Workers. Returns the faults that each has now. */
export type Spread<E extends Env> = (c: Context<E>, request: () => Request) => Promise<Faults[]>

/**
 * Where drills and tests let things go wrong around the Workers. `#faults` in package.json chooses the implementation
 * when a Worker is bundled: a deployment gets the one that does nothing.
 */
export type FaultPort = {
  /** An inbox, as a publisher sends to it. */
  outbox(inbox: Outbox): Outbox
  /** Lets a consumer work on its batch. */
  consume(
    consumer: Subscriber,
    messages: readonly QueueMessage[],
    work: (messages: readonly QueueMessage[]) => Promise<void>,
  ): Promise<void>
  /** Makes one call of the bank. */
  callBank<Result>(call: () => Promise<Result>): Promise<Result | BankError>
  /** The calls that set and read the faults. The edge spreads them; an inner Worker keeps its own. */
  routes<E extends Env>(spread?: Spread<E>): OpenAPIHono<E>
}
