import { publicEventsOf } from '../../../src/order/order-events.ts'
import type { Stored } from './stored.ts'

/** The ids of the events that the order feed has of each order, in the order in which they took effect. */
export const fedEvents = ({ orders }: Pick<Stored, 'orders'>): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...orders.values()]
      .filter(({ order }) => order.client !== null)
      .map(({ order }) => [order.orderId, publicEventsOf(order).map(({ id }) => id)]),
  )
