import { cursorAt } from '../../../../src/order/consumer-lag.ts'
import { decodeFeedCursor, encodeFeedCursor, type FeedCursor } from '../../../../src/order/feed-cursor.ts'
import { readFeed } from '../../../../src/order/feed-reader.ts'
import type { Order } from '../../../../src/order/order.ts'
import { publicEventsOf } from '../../../../src/order/order-events.ts'
import { drawId } from '../../clients/client-ports.ts'
import type { Outlet } from '../../platform/platform.ts'
import type { DepartureScene } from './scene.ts'

const NAME = 'slow'
const LEASE_SECONDS = 60

/** A reader of the order feed that begins with the oldest order and stops after a page. Named, it is a consumer. */
export const createSlowReader = ({ system }: DepartureScene, { isNamed }: { isNamed: boolean }) => {
  const received = new Set<string>()
  let cursor: FeedCursor | undefined
  let isRefused = false
  const partitions = (outlet: Outlet) => system.partitionsFor(outlet).orders

  const commit = async (to: FeedCursor, outlet: Outlet): Promise<void> => {
    const { feedConsumers } = partitions(outlet)
    const token = drawId('lease', outlet)
    await feedConsumers.lease(NAME, { holder: NAME, seconds: LEASE_SECONDS, newToken: token })
    const committed = await feedConsumers.commit(NAME, { token, cursor: encodeFeedCursor(to) })
    if (!committed.ok) throw new Error(`the cursor of ${NAME} was refused: ${committed.reason.code}`)
  }

  /** Returns whether events came. */
  const readPage = async (limit: number, outlet: Outlet): Promise<boolean> => {
    const page = await readFeed(partitions(outlet).feed, { cursor, limit, newEpoch: drawId('epoch', outlet) })
    isRefused = !page.ok
    if (!page.ok) return false
    for (const { id } of page.value.events) received.add(id)
    cursor = page.value.cursor
    if (isNamed) await commit(cursor, outlet)
    return page.value.events.length > 0
  }

  return {
    isNamed,

    begin: async (outlet: Outlet): Promise<void> => {
      const { feed, feedConsumers } = partitions(outlet)
      const text = await cursorAt(feed, () => 'oldest', drawId('epoch', outlet))
      cursor = decodeFeedCursor(text)
      if (isNamed) await feedConsumers.put({ name: NAME, feed: 'orders', types: undefined, cursor: text })
    },

    readPage,

    readToEnd: async (outlet: Outlet): Promise<void> => {
      while (await readPage(LAST_LIMIT, outlet));
    },

    /** It was told that it misses events. */
    isRefused: (): boolean => isRefused,

    /** Whether it has yet to get an event of this order. */
    misses: (order: Order): boolean => publicEventsOf(order).some(({ id }) => !received.has(id)),
  }
}

const LAST_LIMIT = 20

export type SlowReader = ReturnType<typeof createSlowReader>
