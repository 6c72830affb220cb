import type { CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { InTurn } from './fair-calls.ts'
import type { Orders } from './orders.ts'
import type { ReadTokens } from './read-token.ts'
import type { OrderSettings } from './settings.ts'
import type { Reader } from './visible-order.ts'

/** What every route of the order Worker has at hand. */
export type OrderRoutesEnv = {
  Bindings: OrderEnv
  Variables: TraceVariables & CallerVariables & OrderVariables
}

type OrderVariables = {
  settings: OrderSettings
  orders: Orders
  readTokens: ReadTokens
  /** Of calls that name an order: its unique id, or one that no order has. */
  orderId: string
  inTurn: InTurn
  /** Only for who came with a read token. */
  reader?: Reader
  readToken?: string
}
