import type { FeedClient, FeedLease } from '../../../src/bridge/feed-source.ts'
import { newEpoch } from '../../../src/cloudflare/new-epoch.ts'
import { newUlid } from '../../../src/cloudflare/new-ulid.ts'
import { type Instant, SECOND_MS } from '../../../src/kernel/instant.ts'
import { cursorAt } from '../../../src/order/consumer-lag.ts'
import type { FeedConsumer } from '../../../src/order/feed-consumer.ts'
import { decodeFeedCursor, encodeFeedCursor } from '../../../src/order/feed-cursor.ts'
import { readFeed } from '../../../src/order/feed-reader.ts'
import type { OrderPartitions } from '../order-partitions.ts'

type Partitions = {
  feed: Pick<OrderPartitions['feed'], 'labels' | 'read' | 'untilNew' | 'placeAt' | 'lagsOf'>
  feedConsumers: Pick<OrderPartitions['feedConsumers'], 'list' | 'put' | 'lease' | 'commit'>
}

/** The events of some forty orders. AWS gets the first of each order together, then the second of each. */
const PAGE_EVENTS = 300
/** After a page the next one is waited for, as long as objects are in memory anyway. */
const WAIT_MS = 5 * SECOND_MS
/** Longer than a page takes: AWS has 60 seconds to respond. */
const LEASE_SECONDS = 120
/** There is one such object. After a crash it takes its own lease over at once. */
const HOLDER = 'BridgeObject'

/** What the consumer has to be given, or that there is nothing to do for now. */
export type ConsumerWork = { client: FeedClient; failures: number } | undefined

type Page = Awaited<ReturnType<FeedClient['read']>>

/**
 * Looks without writing a row: while it is quiet, no lease is taken. Nothing is to be done either for a consumer that is
 * paused or blocked, or that another bridge has. One that is missing is made, and begins at the oldest order.
 */
export const lookForWork = async (
  partitions: Partitions,
  name: string,
  now: Instant,
): Promise<ConsumerWork> => {
  const consumer = await findOrMake(partitions, name)
  if (consumer.pausedAt !== undefined || isOfAnother(consumer, now)) return undefined
  const first = await readPage(partitions, consumer)
  if (first === undefined || (first.events.length === 0 && first.next === consumer.cursor)) return undefined
  const found = { cursor: consumer.cursor, page: first }
  return { client: feedClient(partitions, name, found), failures: consumer.failures }
}

const findOrMake = async ({ feed, feedConsumers }: Partitions, name: string): Promise<FeedConsumer> => {
  const existing = (await feedConsumers.list()).find((consumer) => consumer.name === name)
  if (existing?.feed === 'products')
    throw new Error(`The consumer ${name} follows the products. Name another one in BRIDGE_CONSUMER.`)
  if (existing !== undefined) return existing
  const cursor = await cursorAt(feed, () => 'oldest', newEpoch())
  const made = await feedConsumers.put({ name, feed: 'orders', types: undefined, cursor })
  if (!made.ok) throw new Error(`The consumer ${name} could not be made: ${made.reason}`)
  return made.value
}

const isOfAnother = ({ lease }: FeedConsumer, now: Instant): boolean =>
  lease !== undefined && lease.holder !== HOLDER && lease.expiresAt > now

type Place = Pick<FeedConsumer, 'cursor'> & { types?: readonly string[] | undefined }

/** Undefined where the cursor is refused. */
const readPage = async (
  { feed }: Partitions,
  { cursor, types }: Place,
  wait?: Parameters<typeof readFeed>[2],
): Promise<Page | undefined> => {
  const wanted = { cursor: decodeFeedCursor(cursor), limit: PAGE_EVENTS, types, newEpoch: newEpoch() }
  const read = await readFeed(feed, wanted, wait)
  return read.ok ? { events: read.value.events, next: encodeFeedCursor(read.value.cursor) } : undefined
}

/** The calls of the consumer. The page that was found is not read again, if the lease is for its place. */
const feedClient = (
  partitions: Partitions,
  name: string,
  found: { cursor: string; page: Page },
): FeedClient => {
  const { feedConsumers } = partitions
  const commit = async (lease: FeedLease, done: { cursor: string } | { message: string }) => {
    const committed = await feedConsumers.commit(name, { token: lease.token, ...done })
    if (!committed.ok) throw new Error(`The consumer ${name} could not be moved: ${committed.reason.code}`)
    return leaseOf(committed.value)
  }
  let unread: Page | undefined = found.page
  return {
    lease: async () => {
      const request = { holder: HOLDER, seconds: LEASE_SECONDS, newToken: newUlid() }
      const leased = await feedConsumers.lease(name, request)
      if (!leased.ok) throw new Error(`The consumer ${name} could not be leased: ${leased.reason.code}`)
      return leaseOf(leased.value)
    },
    read: async (lease) => {
      const first = lease.cursor === found.cursor ? unread : undefined
      unread = undefined
      const page = first ?? (await readPage(partitions, lease, (untilNew) => untilNew(WAIT_MS)))
      if (page === undefined) throw new Error(`The cursor of the consumer ${name} is refused.`)
      return page
    },
    /** A page that moves nothing writes nothing. */
    commit: async (lease, cursor) => (cursor === lease.cursor ? lease : await commit(lease, { cursor })),
    reportError: async (lease, why) => {
      await commit(lease, { message: why.slice(0, ERROR_LENGTH_MAX) })
    },
  }
}

const ERROR_LENGTH_MAX = 1_000

const leaseOf = ({ lease, cursor, types }: FeedConsumer): FeedLease => {
  if (lease === undefined) throw new Error('Broken invariant: a consumer without a lease was leased')
  return { token: lease.token, cursor, types }
}
