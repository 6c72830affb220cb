import { mayActFor } from '../../contracts/caller.ts'
import type { PublicEvent } from '../../contracts/public-event.ts'
import { refusal, success } from '../../kernel/result.ts'
import { publicEventsOf } from '../order-events.ts'
import { type OrderView, viewOrder } from '../order-view.ts'
import type { ArchivedOrders } from './archived-orders.ts'
import type { CancelReply, CancelRequest } from './cancellation.ts'
import { type FollowRequest, type OrderUpdate, updateAfter } from './live-reads.ts'
import { type Reader, viewFor } from './visible-order.ts'

/** What callers may still do with an order that has left. Undefined where no order has left that they may see. */
export const createArchivedReads = ({ visible }: ArchivedOrders) => ({
  get: async (orderId: string, reader: Reader): Promise<OrderView | undefined> => {
    const order = await visible(orderId, reader)
    return order && viewFor(reader, order)
  },

  events: async (orderId: string, reader: Reader): Promise<PublicEvent[] | undefined> => {
    const order = await visible(orderId, reader)
    return order && publicEventsOf(order)
  },

  /** No more events will come. */
  follow: async ({ orderId, reader, after }: FollowRequest): Promise<OrderUpdate | undefined> => {
    const order = await visible(orderId, reader)
    return order && updateAfter(order, after)
  },

  /** A confirmed order is not undone any more. One that was cancelled before is answered as it stands. */
  cancel: async ({ orderId, caller }: CancelRequest): Promise<CancelReply | undefined> => {
    const order = await visible(orderId, caller)
    if (order === undefined || !mayActFor(caller, order.client)) return undefined
    if (order.status !== 'cancelled') return refusal({ code: 'order_not_cancellable' })
    return success({ status: 200, order: viewOrder(order), isReplay: false })
  },
})

export type ArchivedReads = ReturnType<typeof createArchivedReads>
