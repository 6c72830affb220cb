import type { FeedConsumerView } from '../contracts/http/feed-consumer-schemas.ts'
import type { FeedLeaseView } from '../contracts/http/feed-leases.ts'
import { toTimestamp } from '../kernel/instant.ts'
import { type ConsumerLag, healthOf } from './consumer-lag.ts'
import type { FeedConsumer } from './feed-consumer.ts'
import type { CursorRefused } from './feed-reader.ts'

/** The consumer as operators see it. The token of its lease is not shown: it would let them commit. */
export const viewConsumer = (consumer: FeedConsumer, lag: ConsumerLag | undefined): FeedConsumerView => {
  const { name, feed, types, cursor, failures, lease, lastError, pausedAt, createdAt, committedAt } = consumer
  return {
    ...{ name, feed, ...(types !== undefined && { types: [...types] }) },
    ...{ health: healthOf(consumer, lag), cursor },
    ...(lag?.ok === true && { lag: lag.value }),
    ...(lag?.ok === false && { blocked: blockedBy(lag.reason, consumer) }),
    ...(lease !== undefined && {
      lease: {
        ...(lease.holder !== undefined && { holder: lease.holder }),
        expiresAt: toTimestamp(lease.expiresAt),
      },
    }),
    failures,
    ...(lastError !== undefined && { lastError: { ...lastError, at: toTimestamp(lastError.at) } }),
    ...(pausedAt !== undefined && { pausedAt: toTimestamp(pausedAt) }),
    createdAt: toTimestamp(createdAt),
    ...(committedAt !== undefined && { committedAt: toTimestamp(committedAt) }),
  }
}

const blockedBy = (reason: CursorRefused, { feed, committedAt, createdAt }: FeedConsumer): string =>
  reason === 'orders_left' ? ordersLeft(toTimestamp(committedAt ?? createdAt)) : CURSOR_REFUSED[feed]

const ordersLeft = (since: string): string =>
  `It was behind for more than thirty days beyond RETENTION_DAYS, so orders left for the archive that it did not have. It misses events from ${since} on. Seek to the oldest order; what was delivered before comes again.`

const CURSOR_REFUSED: Record<FeedConsumer['feed'], string> = {
  orders:
    'The feed was switched off since the last commit, or a database was restored: what happened meanwhile cannot be told apart. Seek to the oldest order; what was delivered before comes again.',
  products:
    'The feed of products was switched off since the last commit, or a database was restored: what changed meanwhile cannot be told apart. Seek to the oldest; then each product comes again, in its newest version.',
}

/** What a holder needs to go on. */
export const viewLease = ({ lease, feed, cursor, types }: FeedConsumer): FeedLeaseView => {
  if (lease === undefined) throw new Error('Broken invariant: a consumer without a lease was leased')
  return {
    lease: { token: lease.token, expiresAt: toTimestamp(lease.expiresAt) },
    ...{ feed, cursor },
    ...(types !== undefined && { types: [...types] }),
  }
}
