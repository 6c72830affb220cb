import type { FeedClient, FeedLease } from '../../../../src/bridge/feed-source.ts'
import { Stop } from '../../../../src/bridge/ports.ts'
import type { FeedConsumer } from '../../../../src/order/feed-consumer.ts'
import type { CommitRequest } from '../../../../src/order/partition/feed-consumers.ts'
import type { Outlet } from '../../platform/platform.ts'
import { type ClientPorts, drawId } from '../client-ports.ts'
import type { BridgedConsumer } from './bridged-consumer.ts'
import { BRIDGED_FEEDS } from './bridged-feed.ts'

export type Holder = {
  outlet: Outlet
  name: string
  leaseSeconds: number
  /** Events of a page at most. */
  limit: number
  /** Called before each call. It may take its time. */
  beforeCall(): Promise<void>
  /** Waits for news; undefined where an empty page comes at once. */
  idle(): (() => Promise<void>) | undefined
}

/** The calls of a bridge for its consumer, as the Worker in front of the partitions serves them. */
export const consumerClient = (
  { system, platform }: ClientPorts,
  consumer: BridgedConsumer,
  { outlet, name, leaseSeconds, limit, beforeCall, idle }: Holder,
): FeedClient => {
  const partitions = () => system().partitionsFor(outlet)
  const feed = BRIDGED_FEEDS[consumer.feed]
  const newEpoch = () => drawId('epoch', outlet)

  const takeLease = () =>
    partitions().orders.feedConsumers.lease(consumer.name, {
      ...{ holder: name, seconds: leaseSeconds },
      newToken: drawId('lease', outlet),
    })

  const create = async () => {
    const cursor = await feed.oldest(partitions(), newEpoch())
    const { name: consumerName, feed: feedName } = consumer
    await partitions().orders.feedConsumers.put({
      ...{ name: consumerName, feed: feedName, types: undefined, cursor },
    })
  }

  const commit = async ({ token }: FeedLease, done: { cursor: string } | { message: string }) => {
    const hasEnded = consumer.hasEnded(token)
    const request: CommitRequest = { token, ...done }
    const committed = await partitions().orders.feedConsumers.commit(consumer.name, request)
    if (!committed.ok && committed.reason.code === 'cursor_refused') throw cursorRefused()
    if (!committed.ok) throw new Error(committed.reason.code)
    if (hasEnded)
      platform.violated('a consumer is moved by its last lease alone', `${name} could commit with ${token}`)
    return leaseOf(committed.value)
  }

  return {
    lease: async () => {
      await beforeCall()
      const before = consumer.tokens()
      let leased = await takeLease()
      if (!leased.ok && leased.reason.code === 'not_found') {
        await create()
        leased = await takeLease()
      }
      if (!leased.ok) throw new Error(leased.reason.code)
      const lease = leaseOf(leased.value)
      consumer.recordLease(lease.token, before)
      return lease
    },
    read: async ({ cursor, types }) => {
      await beforeCall()
      const page = await feed.read(partitions(), { cursor, limit, types, newEpoch: newEpoch() }, idle())
      if (page === undefined) throw cursorRefused()
      return page
    },
    commit: (lease, cursor) => commit(lease, { cursor }),
    reportError: async (lease, message) => {
      await commit(lease, { message })
    },
  }
}

const leaseOf = ({ lease, cursor, types }: FeedConsumer): FeedLease => {
  if (lease === undefined) throw new Error('Broken invariant: a consumer that was leased has no lease')
  return { token: lease.token, cursor, types }
}

const cursorRefused = () => new Stop('feed_cursor_refused', 'An operator moves the consumer.')
