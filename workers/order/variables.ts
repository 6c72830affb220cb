import type { CallerVariables } from '../../src/cloudflare/http/caller.ts'
import type { TraceVariables } from '../../src/cloudflare/http/trace.ts'
import type { PlaceReply, PlaceRequest } from '../../src/order/partition/placement.ts'
import type { Reader } from '../../src/order/partition/visible-order.ts'
import type { PlacementLimit } from '../../src/order/placement-limit.ts'
import type { ReadTokens } from './edge/read-token.ts'
import type { OrderPartitions } from './order-partitions.ts'
import type { OrderSettings } from './settings.ts'

/** What the routes of the order Worker read from their context. */
export type OrderRoutesEnv = {
  Bindings: OrderEnv
  Variables: TraceVariables & CallerVariables & OrderVariables
}

type OrderVariables = {
  settings: OrderSettings
  openPartitions(): Promise<OrderPartitions>
  /** In calls that reach order partitions. */
  orderPartitions: OrderPartitions
  readTokens: ReadTokens
  /** In calls that name an order: its unique id, or an id that no order has. */
  orderId: string
  inTurn: InTurn
  placementLimit: PlacementLimit
  /** In calls that place orders: they are placed, or refused. What follows is no placement any more. */
  endPlacement(): void
  placeInTurn: PlaceInTurn
  /** The bearer of a read token. Undefined where the request came with a key. */
  reader?: Reader
  readToken?: string
}

/** Calls a partition, in turn with other clients and addresses. `cost` is the number of orders that the call is about. */
export type InTurn = <Value>(label: string, cost: number, call: () => Promise<Value>) => Promise<Value>

/** Places an order in a partition, in turn with other clients and addresses, in a call that placements share. */
export type PlaceInTurn = (label: string, request: PlaceRequest) => Promise<PlaceReply>
