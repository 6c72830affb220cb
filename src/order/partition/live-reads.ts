import { BOOTSTRAP_CLIENT } from '../../contracts/caller.ts'
import type { PublicEvent } from '../../contracts/public-event.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { limitKeyOfClient, PARTITION_WAITS, type WaitLimits } from '../live-limits.ts'
import { isSettled, type Order } from '../order.ts'
import { publicEventsOf } from '../order-events.ts'
import { createWaiting } from './change-waits.ts'
import { loadOrder } from './order-store.ts'
import { type Reader, visibleOrder } from './visible-order.ts'

export type FollowRequest = {
  orderId: string
  reader: Reader
  /** Against whose share of the partition's room the wait counts; older Workers do not say. */
  holder?: string
  /** The id of the last event that the reader has; one that the order does not have means none. */
  after: string | undefined
  withinMs: number
}

export type News = {
  events: PublicEvent[]
  isSettled: boolean
  /** The wait had to make room for another: the reader has to poll. */
  isCrowded: boolean
}

/** Reads that wait for an order to change. One holder has at most half of the room, the bootstrap key's client all. */
export const createFollowing = (host: PartitionHost, bounds: WaitLimits = PARTITION_WAITS) => {
  const { sql, now } = host
  const waiting = createWaiting(host)
  const nextChange = (orderId: string, holder: string, withinMs: number) => {
    const isBootstrap = holder === limitKeyOfClient(BOOTSTRAP_CLIENT)
    const limits = { ...bounds, perHolder: isBootstrap ? bounds.total : Math.ceil(bounds.total / 2) }
    return waiting.nextChange({ orderId, holder, limits }, withinMs)
  }
  const read = ({ orderId, reader, after }: FollowRequest): News | undefined => {
    const order = visibleOrder(sql, orderId, reader)
    return order && { events: eventsAfter(order, after), isSettled: isSettled(order), isCrowded: false }
  }
  return {
    tell: waiting.tell,

    /** Resolves once the order is decided or the time is up; at once where there is no such order. */
    untilDecided: async (orderId: string, reader: Reader, withinMs: number): Promise<void> => {
      const giveUpAt = now() + withinMs
      while (loadOrder(sql, orderId)?.order.status === 'pending') {
        const wait = await nextChange(orderId, holderIn(reader), giveUpAt - now())
        if (wait !== 'changed') return
      }
    },

    /** The events after one of them: as soon as there are any or the order is settled, or when the time is up. */
    follow: async (request: FollowRequest): Promise<News | undefined> => {
      const known = read(request)
      const isAnswered = known === undefined || known.events.length > 0 || known.isSettled
      if (isAnswered || request.withinMs <= 0) return known
      const holder = request.holder ?? holderIn(request.reader)
      const wait = await nextChange(request.orderId, holder, request.withinMs)
      const news = read(request)
      return news && { ...news, isCrowded: wait === 'crowded' }
    },
  }
}

const holderIn = (reader: Reader): string =>
  'holdsTokenOf' in reader ? `order ${reader.holdsTokenOf}` : limitKeyOfClient(reader.client)

const eventsAfter = (order: Order, after: string | undefined): PublicEvent[] => {
  const events = publicEventsOf(order)
  return events.slice(events.findIndex((event) => event.id === after) + 1)
}
