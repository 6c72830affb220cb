import type { PublicEvent } from '../../contracts/public-event.ts'
import type { OrderView } from '../order-view.ts'
import type { ArchivedReads } from './archived-reads.ts'
import type { CancelReply, CancelRequest } from './cancellation.ts'
import type { FollowRequest, LiveReads, OrderUpdate } from './live-reads.ts'
import type { Reader } from './visible-order.ts'

type Ports = {
  /** Orders that the partition has. */
  stored: {
    get(orderId: string, reader: Reader): OrderView | undefined
    events(orderId: string, reader: Reader): PublicEvent[] | undefined
    cancel(request: CancelRequest): CancelReply
  }
  liveReads: Pick<LiveReads, 'untilDecided' | 'follow'>
  /** Orders that have left it. */
  archivedReads: ArchivedReads
}

/** What a caller may do with an order, in the partition or in the archive. Undefined where there is none to be seen. */
export const createOrderAccess = ({ stored, liveReads, archivedReads }: Ports) => {
  const get = async (orderId: string, reader: Reader): Promise<OrderView | undefined> =>
    stored.get(orderId, reader) ?? (await archivedReads.get(orderId, reader))

  return {
    get,

    /** The order as soon as it is decided, at the latest after `withinMs`. */
    decided: async (orderId: string, reader: Reader, withinMs: number): Promise<OrderView | undefined> => {
      await liveReads.untilDecided(orderId, reader, withinMs)
      return await get(orderId, reader)
    },

    events: async (orderId: string, reader: Reader): Promise<PublicEvent[] | undefined> =>
      stored.events(orderId, reader) ?? (await archivedReads.events(orderId, reader)),

    /** An order that leaves while its reader waits is read from the archive. */
    follow: async (request: FollowRequest): Promise<OrderUpdate | undefined> =>
      (await liveReads.follow(request)) ?? (await archivedReads.follow(request)),

    /** The partition refuses an order that is in neither. */
    cancel: async (request: CancelRequest): Promise<CancelReply> =>
      (await archivedReads.cancel(request)) ?? stored.cancel(request),
  }
}

export type OrderAccess = ReturnType<typeof createOrderAccess>
