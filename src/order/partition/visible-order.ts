import { actsForAll, type Caller, mayActFor } from '../../contracts/caller.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { Order } from '../order.ts'
import { type OrderView, viewOrder } from '../order-view.ts'
import { loadOrder } from './order-store.ts'

/** A caller with a key, or the bearer of a read token, which opens one order and no other. */
export type Reader = Caller | { holdsTokenOf: string }

/** The order, where there is one that the reader may see. */
export const visibleOrder = (sql: Sql, orderId: string, reader: Reader): Order | undefined => {
  const order = loadOrder(sql, orderId)?.order
  return order && mayRead(reader, order) ? order : undefined
}

/** An order that was never placed here has no client, so it is visible to no reader. */
export const mayRead = (reader: Reader, { orderId, client }: Order): boolean =>
  'holdsTokenOf' in reader ? client !== null && reader.holdsTokenOf === orderId : mayActFor(reader, client)

/** A reader that acts for all clients also sees the order's client. */
export const viewFor = (reader: Reader, order: Order): OrderView => ({
  ...viewOrder(order),
  ...('scopes' in reader && actsForAll(reader) && order.client !== null && { client: order.client }),
})
