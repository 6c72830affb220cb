import { assertNever } from '../../kernel/assert.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type Result, refusal, success } from '../../kernel/result.ts'
import { isReachable, withTestEvent } from '../../messaging/feed-cursor.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import {
  commit,
  type FeedConsumer,
  type FeedName,
  fail,
  type LeaseRefused,
  type LeaseRequest,
  lease,
  moveTo,
  pause,
  resume,
} from '../feed-consumer.ts'
import { decodeFeedCursor } from '../feed-cursor.ts'
import { deleteConsumer, loadConsumer, loadConsumers, storeConsumer } from './consumer-store.ts'

/** All are measured together, and each delays how many orders may leave. */
const CONSUMERS_MAX = 50

export type NewConsumer = Pick<FeedConsumer, 'name' | 'feed' | 'cursor'> & {
  types: readonly string[] | undefined
}

/** What an operator does to a consumer. */
export type Adjustment =
  /** `feed` is that of the cursor. Workers of an earlier version know the order feed alone, and do not say it. */
  | { kind: 'seek'; cursor: string; feed?: FeedName }
  | { kind: 'pause' }
  | { kind: 'resume' }
  /** The next page of the consumer is a test event with this id. */
  | { kind: 'test'; testId: string }

export type NotFound = { code: 'not_found' }

export type PutRefused = 'too_many' | 'other_feed'

export type ConsumerLeaseRefused = LeaseRefused | NotFound

export type CommitRequest = { token: string } & ({ cursor: string } | { message: string })

export type CommitRefused = NotFound | { code: 'lease_lost' | 'cursor_refused' }

/**
 * The named consumers of all feeds and partitions, in the first order partition. A change is one turn and one row. No
 * order is read or written for it, and no other service is asked: of a cursor it looks at the epochs alone.
 */
export const createFeedConsumers = (host: PartitionHost) => {
  const { sql } = host

  /** Stores what becomes of a consumer. A refusal stores nothing. */
  const change = <Refused>(
    name: string,
    next: (consumer: FeedConsumer) => Result<FeedConsumer, Refused>,
  ): Result<FeedConsumer, Refused | NotFound> =>
    host.turn(() => {
      const consumer = loadConsumer(sql, name)
      if (consumer === undefined) return refusal({ code: 'not_found' })
      const changed = next(consumer)
      if (changed.ok && changed.value !== consumer) storeConsumer(sql, changed.value)
      return changed
    })

  return {
    list: (): FeedConsumer[] => loadConsumers(sql),

    /** Makes a consumer, or gives the one of this name other types. A consumer that exists stays where it is. */
    put: ({ name, feed, types, cursor }: NewConsumer): Result<FeedConsumer, PutRefused> =>
      host.turn(() => {
        const existing = loadConsumer(sql, name)
        if (existing === undefined && loadConsumers(sql).length >= CONSUMERS_MAX) return refusal('too_many')
        if (existing !== undefined && existing.feed !== feed) return refusal('other_feed')
        const { types: _, ...rest } = existing ?? newConsumer({ name, feed, cursor }, host.now())
        const consumer: FeedConsumer = { ...rest, ...(types !== undefined && { types }) }
        storeConsumer(sql, consumer)
        return success(consumer)
      }),

    remove: (name: string): boolean =>
      host.turn(() => {
        const isThere = loadConsumer(sql, name) !== undefined
        if (isThere) deleteConsumer(sql, name)
        return isThere
      }),

    lease: (name: string, request: LeaseRequest): Result<FeedConsumer, ConsumerLeaseRefused> =>
      change(name, (consumer) => lease(consumer, request, host.now())),

    commit: (name: string, request: CommitRequest): Result<FeedConsumer, CommitRefused> =>
      change<CommitRefused>(name, (consumer) => {
        const isCommit = 'cursor' in request
        if (isCommit && !leadsOn(consumer, request.cursor)) return refusal({ code: 'cursor_refused' })
        const changed = isCommit ? commit(consumer, request, host.now()) : fail(consumer, request, host.now())
        return changed.ok ? changed : refusal({ code: changed.reason })
      }),

    adjust: (name: string, adjustment: Adjustment): Result<FeedConsumer, NotFound> =>
      change<NotFound>(name, (consumer) =>
        isMeant(consumer, adjustment)
          ? success(adjusted(consumer, adjustment, host.now()))
          : refusal({ code: 'not_found' }),
      ),
  }
}

const newConsumer = (named: Pick<FeedConsumer, 'name' | 'feed' | 'cursor'>, now: Instant): FeedConsumer => ({
  ...named,
  createdAt: now,
  failures: 0,
})

const adjusted = (consumer: FeedConsumer, adjustment: Adjustment, now: Instant): FeedConsumer => {
  switch (adjustment.kind) {
    case 'seek':
      return moveTo(consumer, adjustment.cursor)
    case 'pause':
      return pause(consumer, now)
    case 'resume':
      return resume(consumer)
    case 'test':
      return moveTo(consumer, withTestEvent(consumer.cursor, adjustment.testId))
    default:
      return assertNever(adjustment)
  }
}

/** A consumer that was removed while its new cursor was made may have been made anew for another feed. */
const isMeant = ({ feed }: FeedConsumer, adjustment: Adjustment): boolean =>
  adjustment.kind !== 'seek' || (adjustment.feed ?? 'orders') === feed

/** A cursor of another deployment, or of another epoch, would leave events out. */
const leadsOn = ({ feed, cursor }: FeedConsumer, next: string): boolean =>
  (feed === 'products' || decodeFeedCursor(next) !== undefined) && isReachable(cursor, next)

export type FeedConsumers = ReturnType<typeof createFeedConsumers>
