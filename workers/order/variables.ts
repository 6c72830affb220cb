import type { CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { Reader } from '../../src/order/partition/visible-order.ts'
import type { ReadTokens } from './edge/read-token.ts'
import type { Orders } from './order-partitions.ts'
import type { OrderSettings } from './settings.ts'

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

/** Makes a call to a partition, in turn with other holders. It costs as many as the orders that it is about. */
export type InTurn = <Value>(label: string, cost: number, call: () => Promise<Value>) => Promise<Value>
