import type { PartitionHost } from '../../messaging/partition.ts'
import { deleteOrders, insertOrder, isStored, type OrderRow, updateOrder } from './order-store.ts'

/** Gives the new facts of a row their positions, in the turn that stores them. Undefined where the row has none to take. */
export type TakePositions = (row: OrderRow) => readonly number[] | undefined

/** Every write of an order's row goes this way. While the order feed is on, new facts take their positions here. */
export const createOrderWrites = ({ sql }: Pick<PartitionHost, 'sql'>, takePositions: TakePositions) => {
  const fed = (row: OrderRow) => {
    const positions = takePositions(row)
    return positions && { positions }
  }
  const insert = (row: OrderRow): void => insertOrder(sql, row, fed(row))
  const update = (row: OrderRow): void => updateOrder(sql, row, fed(row))
  return {
    insert,
    update,

    /** Stores an order that may be there already. */
    store: (row: OrderRow): void => (isStored(sql, row.order.orderId) ? update(row) : insert(row)),

    /** Orders that leave for the archive. */
    remove: (orderIds: readonly string[]): void => deleteOrders(sql, orderIds),
  }
}

export type OrderWrites = ReturnType<typeof createOrderWrites>
