import type { PublicEvent } from '../../src/contracts/public-event.ts'
import type { PartitionHost } from '../../src/messaging/partition.ts'
import { isSettled, type Order } from '../../src/order/order.ts'
import { publicEventsOf } from '../../src/order/order-events.ts'
import { loadOrder } from './order-store.ts'
import { type Reader, visibleOrder } from './visible-order.ts'
import { createWaiting } from './waiting.ts'

export type FollowRequest = {
  orderId: string
  reader: Reader
  /** The id of the last event that the reader has; one that the order does not have means none. */
  after: string | undefined
  withinMs: number
}

export type News = {
  events: PublicEvent[]
  isSettled: boolean
  /** Too many wait for this order, or in this partition: the reader was answered at once, and has to poll. */
  isCrowded: boolean
}

/** Reads that wait for an order to change. */
export const createFollowing = ({ sql, now }: PartitionHost) => {
  const waiting = createWaiting()
  const read = ({ orderId, reader, after }: FollowRequest): News | undefined => {
    const order = visibleOrder(sql, orderId, reader)
    return order && { events: eventsAfter(order, after), isSettled: isSettled(order), isCrowded: false }
  }
  return {
    tell: waiting.tell,

    /** Resolves once the order is decided or the time is up; at once where there is no such order, or a crowd. */
    untilDecided: async (orderId: string, withinMs: number): Promise<void> => {
      const giveUpAt = now() + withinMs
      while (loadOrder(sql, orderId)?.order.status === 'pending') {
        const wait = await waiting.nextChange(orderId, giveUpAt - now())
        if (wait !== 'changed') return
      }
    },

    /** The events after one of them: as soon as there are any or the order is settled, or when the time is up. */
    follow: async (request: FollowRequest): Promise<News | undefined> => {
      const known = read(request)
      if (known === undefined || known.events.length > 0 || known.isSettled) return known
      const wait = await waiting.nextChange(request.orderId, request.withinMs)
      const news = read(request)
      return news && { ...news, isCrowded: wait === 'crowded' }
    },
  }
}

const eventsAfter = (order: Order, after: string | undefined): PublicEvent[] => {
  const events = publicEventsOf(order)
  return events.slice(events.findIndex((event) => event.id === after) + 1)
}
