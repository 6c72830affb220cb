import { BOOTSTRAP_CLIENT } from '../../contracts/caller.ts'
import type { PublicEvent } from '../../contracts/public-event.ts'
import { createChangeWaits } from '../../messaging/change-waits.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { limitKeyOfClient, PARTITION_WAITS, type WaitLimits } from '../live-limits.ts'
import { isSettled, type Order } from '../order.ts'
import { publicEventsOf } from '../order-events.ts'
import { loadOrder } from './order-store.ts'
import { type Reader, visibleOrder } from './visible-order.ts'

export type FollowRequest = {
  orderId: string
  reader: Reader
  /** The client or address against whose share of the partition's waits this one counts. Older Workers send none. */
  holder?: string
  /** The id of the last event that the reader has. An id that the order does not have means none. */
  after: string | undefined
  withinMs: number
}

export type OrderUpdate = {
  events: PublicEvent[]
  isSettled: boolean
  /** The wait ended early to make room for another. The reader has to poll. */
  isCrowded: boolean
}

/** Reads that wait until an order changes. One client or address has at most half of the waits; the bootstrap key has all. */
export const createLiveReads = (host: PartitionHost, bounds: WaitLimits = PARTITION_WAITS) => {
  const { sql, now } = host
  const waiting = createChangeWaits(host)
  const nextChange = (orderId: string, bearer: string, withinMs: number) => {
    const isBootstrap = bearer === limitKeyOfClient(BOOTSTRAP_CLIENT)
    const limits = { ...bounds, perBearer: isBootstrap ? bounds.total : Math.ceil(bounds.total / 2) }
    return waiting.nextChange({ orderId, bearer, limits }, withinMs)
  }
  const read = ({ orderId, reader, after }: FollowRequest): OrderUpdate | undefined => {
    const order = visibleOrder(sql, orderId, reader)
    return order && updateAfter(order, after)
  }
  return {
    notify: waiting.notify,

    /** Resolves once the order is decided or the time is up. Resolves at once where there is no such order. */
    untilDecided: async (orderId: string, reader: Reader, withinMs: number): Promise<void> => {
      const giveUpAt = now() + withinMs
      while (loadOrder(sql, orderId)?.order.status === 'pending') {
        const wait = await nextChange(orderId, bearerIn(reader), giveUpAt - now())
        if (wait !== 'changed') return
      }
    },

    /** The events after `after`, as soon as there are any. Without one: when the order is settled or the time is up. */
    follow: async (request: FollowRequest): Promise<OrderUpdate | undefined> => {
      const current = read(request)
      const isComplete = current === undefined || current.events.length > 0 || current.isSettled
      if (isComplete || request.withinMs <= 0) return current
      const bearer = request.holder ?? bearerIn(request.reader)
      const wait = await nextChange(request.orderId, bearer, request.withinMs)
      const update = read(request)
      return update && { ...update, isCrowded: wait === 'crowded' }
    },
  }
}

const bearerIn = (reader: Reader): string =>
  'holdsTokenOf' in reader ? `order ${reader.holdsTokenOf}` : limitKeyOfClient(reader.client)

/** The order as a reader sees it that has the events up to `after`. */
export const updateAfter = (order: Order, after: string | undefined): OrderUpdate => ({
  events: eventsAfter(order, after),
  isSettled: isSettled(order),
  isCrowded: false,
})

const eventsAfter = (order: Order, after: string | undefined): PublicEvent[] => {
  const events = publicEventsOf(order)
  return events.slice(events.findIndex((event) => event.id === after) + 1)
}

export type LiveReads = ReturnType<typeof createLiveReads>
