import { createFeedFollower } from '../../support/feed-follower.ts'
import type { Outlet } from '../platform/platform.ts'
import type { Action } from '../world/action.ts'
import type { ClientPorts } from './client-ports.ts'
import { IDEMPOTENT } from './persist.ts'

type Following = Action & { kind: 'follow feed' }

/** Follows the order feed as a reader of `GET /feed/orders` does. */
export const followFeed = async (ports: ClientPorts, action: Following, outlet: Outlet): Promise<void> => {
  const follower = createFeedFollower(() => ports.system().partitionsFor(outlet).orders.feed)
  const read = () =>
    ports.persist(outlet, IDEMPOTENT, () => follower.read(action.limit, `epoch ${outlet.actor.chance()}`))
  ports.records.feedReaders.push({ follower, limit: action.limit })
  for (const pauseMs of action.pausesMs) {
    await read()
    await new Promise<void>((resolve) => {
      setTimeout(resolve, pauseMs)
    })
  }
}

/** Switches a feed off, as `DELETE /feed` and `DELETE /feed/products` do. */
export const switchFeedOff = async (
  ports: ClientPorts,
  feed: Following['feed'],
  outlet: Outlet,
): Promise<void> => {
  await ports.persist(outlet, IDEMPOTENT, async () => {
    const { orders, stock } = ports.system().partitionsFor(outlet)
    const { labels, switchOff } = feed === 'orders' ? orders.feed : stock.feed
    await Promise.all(labels.map(switchOff))
  })
}

/** Once nothing else happens: the readers read what is left, and another one of each kind reads all. */
export const readFeedToEnd = async ({ system, records }: ClientPorts, outlet: Outlet): Promise<void> => {
  const feed = () => system().partitionsFor(outlet).orders.feed
  const { feedReaders } = records
  for (const { limit } of [...feedReaders]) feedReaders.push({ follower: createFeedFollower(feed), limit })
  for (const reader of feedReaders) {
    const read = () => reader.follower.readFrom(feed(), reader.limit, `last ${outlet.actor.chance()}`)
    while ((await read()) !== 0);
    reader.isAtEnd = true
  }
}
