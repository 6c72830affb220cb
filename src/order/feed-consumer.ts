import { z } from 'zod'
import { instantField } from '../contracts/fields.ts'
import { type Instant, SECOND_MS } from '../kernel/instant.ts'
import { type Result, refusal, success } from '../kernel/result.ts'
import { storedType } from '../messaging/stored-document.ts'

const leaseSchema = z.object({
  token: z.string(),
  /** What the holder calls itself. */
  holder: z.string().exactOptional(),
  seconds: z.number(),
  expiresAt: instantField,
})

const consumerSchema = z.object({
  name: z.string(),
  feed: z.enum(['orders', 'products']),
  /** The event types that it wants; without them all. */
  types: z.array(z.string()).readonly().exactOptional(),
  /** Everything before it is delivered. */
  cursor: z.string(),
  createdAt: instantField,
  committedAt: instantField.exactOptional(),
  lease: leaseSchema.exactOptional(),
  pausedAt: instantField.exactOptional(),
  /** Failures that were reported since the last commit. */
  failures: z.number(),
  lastError: z.object({ message: z.string(), at: instantField }).exactOptional(),
})

/** A reader of a feed whose cursor is kept here. Its holder leases it, reads, delivers, and commits. */
export type FeedConsumer = z.infer<typeof consumerSchema>

export type FeedName = FeedConsumer['feed']

export const FEED_CONSUMER = storedType('feed consumer', consumerSchema)

export type LeaseRequest = {
  holder?: string | undefined
  seconds: number
  /** The token of the lease that is to be renewed. */
  token?: string | undefined
  newToken: string
}

export type LeaseRefused =
  /** Another holder's lease has not ended. */
  { code: 'leased'; holder: string | undefined; expiresAt: Instant } | { code: 'lease_lost' | 'paused' }

/**
 * A lease for the holder. With its token the holder renews it. Without one, a holder of the same name gets a new lease,
 * and the old one is lost: after a crash it need not wait, and two processes of one name cannot both commit.
 */
export const lease = (
  consumer: FeedConsumer,
  { holder, seconds, token, newToken }: LeaseRequest,
  now: Instant,
): Result<FeedConsumer, LeaseRefused> => {
  if (consumer.pausedAt !== undefined) return refusal({ code: 'paused' })
  const { lease: held } = consumer
  if (token !== undefined && held?.token !== token) return refusal({ code: 'lease_lost' })
  const isOwn =
    held !== undefined && (held.token === token || (holder !== undefined && held.holder === holder))
  if (held !== undefined && held.expiresAt > now && !isOwn) {
    return refusal({ code: 'leased', holder: held.holder, expiresAt: held.expiresAt })
  }
  const name = holder ?? (token === undefined ? undefined : held?.holder)
  const next = {
    ...{ token: token ?? newToken, seconds, expiresAt: now + seconds * SECOND_MS },
    ...(name !== undefined && { holder: name }),
  }
  return success({ ...consumer, lease: next })
}

/**
 * Everything before the cursor is delivered. Only the last lease may say so, also after its time where no other holder
 * has begun. A commit renews the lease.
 */
export const commit = (
  consumer: FeedConsumer,
  { token, cursor }: { token: string; cursor: string },
  now: Instant,
): Result<FeedConsumer, 'lease_lost'> => {
  if (consumer.lease?.token !== token) return refusal('lease_lost')
  return success({ ...consumer, lease: renewed(consumer.lease, now), cursor, committedAt: now, failures: 0 })
}

/** The holder could not deliver. The cursor stays where it is. */
export const fail = (
  consumer: FeedConsumer,
  { token, message }: { token: string; message: string },
  now: Instant,
): Result<FeedConsumer, 'lease_lost'> => {
  if (consumer.lease?.token !== token) return refusal('lease_lost')
  const failures = consumer.failures + 1
  return success({
    ...consumer,
    lease: renewed(consumer.lease, now),
    failures,
    lastError: { message, at: now },
  })
}

const renewed = (held: z.infer<typeof leaseSchema>, now: Instant) => ({
  ...held,
  expiresAt: now + held.seconds * SECOND_MS,
})

/** The consumer goes on from another cursor. Its holder has to lease anew, so that it cannot commit the old way on. */
export const moveTo = ({ lease: _, ...consumer }: FeedConsumer, cursor: string): FeedConsumer => ({
  ...consumer,
  cursor,
  failures: 0,
})

/** Nothing is delivered until it is resumed. What comes meanwhile is delivered then. */
export const pause = (consumer: FeedConsumer, now: Instant): FeedConsumer => {
  if (consumer.pausedAt !== undefined) return consumer
  const { lease: _, ...rest } = consumer
  return { ...rest, pausedAt: now }
}

export const resume = (consumer: FeedConsumer): FeedConsumer => {
  if (consumer.pausedAt === undefined) return consumer
  const { pausedAt: _, ...rest } = consumer
  return rest
}
