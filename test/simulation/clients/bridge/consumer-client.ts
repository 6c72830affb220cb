import type { FeedClient, FeedLease } from '../../../../src/bridge/feed-source.ts'
import { Stop } from '../../../../src/bridge/ports.ts'
import { cursorAt } from '../../../../src/order/consumer-lag.ts'
import type { FeedConsumer } from '../../../../src/order/feed-consumer.ts'
import { decodeFeedCursor, encodeFeedCursor } from '../../../../src/order/feed-cursor.ts'
import { readFeed } from '../../../../src/order/feed-reader.ts'
import type { CommitRequest } from '../../../../src/order/partition/feed-consumers.ts'
import type { Outlet } from '../../platform/platform.ts'
import { type ClientPorts, drawId } from '../client-ports.ts'
import type { BridgedConsumer } from './bridged-consumer.ts'

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
  const orders = () => system().partitionsFor(outlet).orders
  const newEpoch = () => drawId('epoch', outlet)

  const takeLease = () =>
    orders().feedConsumers.lease(consumer.name, {
      ...{ holder: name, seconds: leaseSeconds },
      newToken: drawId('lease', outlet),
    })

  const create = async () => {
    const cursor = await cursorAt(orders().feed, () => 'oldest', newEpoch())
    await orders().feedConsumers.put({ name: consumer.name, feed: 'orders', types: undefined, cursor })
  }

  const commit = async ({ token }: FeedLease, done: { cursor: string } | { message: string }) => {
    const hasEnded = consumer.hasEnded(token)
    const request: CommitRequest = { token, ...done }
    const committed = await orders().feedConsumers.commit(consumer.name, request)
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
    read: async ({ cursor: text, types }) => {
      await beforeCall()
      const cursor = decodeFeedCursor(text)
      if (cursor === undefined) throw cursorRefused()
      const page = await readFeed(orders().feed, { cursor, limit, types, newEpoch: newEpoch() }, idle())
      if (!page.ok) throw cursorRefused()
      return { events: page.value.events, next: encodeFeedCursor(page.value.cursor) }
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
