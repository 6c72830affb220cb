import type { Instant } from '../../kernel/instant.ts'
import { traceIdsOf } from '../../kernel/trace.ts'
import { LISTING_RETRY_MS, tryListing } from '../../messaging/listing.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import type { Order } from '../order.ts'
import { isUnknownOrder } from '../unknown-order.ts'
import { type Filling, loadFilling, loadOrdersAfter, storeFilling } from './list-filling-store.ts'

/** Orders listed in one portion: a few milliseconds of the partition and of the list's database. */
const PORTION_ORDERS_MAX = 100
/** Between two portions the partition does its other work: 500 orders a second at most. */
const PORTION_EVERY_MS = 200

type ListFillingPorts = {
  host: PartitionHost
  /** The partition's name, for the log. */
  partition: string
  /** Writes orders to the list; an older version never replaces a newer one. */
  list(orders: readonly Order[]): Promise<void>
}

/**
 * Lists every order of a partition again, in the order of their ids, a portion at each alarm. It runs after an upgrade
 * that brought a new list, and on request. Orders that change meanwhile are also listed by their own rows.
 */
export const createListFilling = ({ host, partition, list }: ListFillingPorts) => {
  const listPortion = (orders: readonly Order[]): Promise<boolean> =>
    tryListing(host, {
      write: () => list(orders.filter((order) => !isUnknownOrder(order))),
      failure: 'orders could not be listed',
      about: { partition, orders: orders.length, traceIds: traceIdsOf(orders) },
    })

  /** Stores how far the list is filled. A filling that was restarted meanwhile keeps its own place. */
  const advance = (filling: Filling, next: Filling | undefined): void =>
    host.turn(() => {
      if (loadFilling(host.sql)?.startedAt !== filling.startedAt) return
      storeFilling(host.sql, next)
      if (next !== undefined) host.wakeBy(next.dueAt)
    })

  const fillOn = async (filling: Filling): Promise<void> => {
    const orders = loadOrdersAfter(host.sql, filling.lastOrderId, PORTION_ORDERS_MAX)
    if (!(await listPortion(orders))) {
      return advance(filling, { ...filling, dueAt: host.now() + LISTING_RETRY_MS })
    }
    const listed = filling.listed + orders.length
    const last = orders.at(-1)
    if (last === undefined || orders.length < PORTION_ORDERS_MAX) {
      advance(filling, undefined)
      return host.log('info', 'the list of orders is filled', { partition, orders: listed })
    }
    const dueAt = host.now() + PORTION_EVERY_MS
    advance(filling, { ...filling, lastOrderId: last.orderId, listed, dueAt })
  }

  const wakeForDue = (): void => {
    const filling = loadFilling(host.sql)
    if (filling !== undefined) host.turn(() => host.wakeBy(filling.dueAt))
  }

  return {
    /** Lists the next portion where one is due. */
    wake: async (): Promise<void> => {
      const filling = loadFilling(host.sql)
      if (filling !== undefined && filling.dueAt <= host.now()) await fillOn(filling)
      else wakeForDue()
    },

    /** Also on every start, and when the partition is rearmed. */
    wakeForDue,

    /** Begins with the first order, whether or not the list is being filled already. */
    restart: (): void =>
      host.turn(() => {
        const now: Instant = host.now()
        storeFilling(host.sql, { startedAt: now, lastOrderId: '', listed: 0, dueAt: now })
        host.wakeBy(now)
      }),
  }
}
