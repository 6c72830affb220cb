import { actsForAll, type Caller, mayActFor } from '../../contracts/caller.ts'
import type { Sql } from '../../messaging/sql.ts'
import type { Order } from '../order.ts'
import { type OrderView, viewOrder } from '../order-view.ts'
import { loadOrder } from './order-store.ts'

/** Who reads an order: a caller, or whoever holds the read token of one order and may see no other. */
export type Reader = Caller | { holdsTokenOf: string }

/** The order, where there is one that the reader may see. */
export const visibleOrder = (sql: Sql, orderId: string, reader: Reader): Order | undefined => {
  const order = loadOrder(sql, orderId)?.order
  return order && mayRead(reader, order) ? order : undefined
}

/** Nobody reads the orders that nobody placed. */
const mayRead = (reader: Reader, { orderId, client }: Order): boolean =>
  'holdsTokenOf' in reader ? client !== null && reader.holdsTokenOf === orderId : mayActFor(reader, client)

/** Who acts for all clients is told whose order it is. */
export const viewFor = (reader: Reader, order: Order): OrderView => ({
  ...viewOrder(order),
  ...('scopes' in reader && actsForAll(reader) && order.client !== null && { client: order.client }),
})
