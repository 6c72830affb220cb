import { type Instant, SECOND_MS } from '../kernel/instant.ts'

/** Nothing is added to a backlog that still has our last copy, unless it has had it for this long. */
const QUEUED_MS_MAX = 600 * SECOND_MS
/** One full batch. So few messages are no backlog: they may be others' that are delayed, while ours was lost. */
const LEFTOVER_MESSAGES_MAX = 100

/** When the oldest message of a queue's backlog was sent. Undefined for a queue without a backlog. */
export const backlogSince = ({ backlogCount, oldestMessageTimestamp }: QueueMetrics): Instant | undefined =>
  backlogCount > LEFTOVER_MESSAGES_MAX ? oldestMessageTimestamp?.getTime() : undefined

/**
 * Whether a queue still has what was sent to it at `sentAt`. A local broker loses messages. A slow consumer does not:
 * its queue needs no second copy.
 */
export const isStillQueued = (backlogSince: Instant | undefined, sentAt: Instant, now: Instant): boolean =>
  backlogSince !== undefined && backlogSince <= sentAt && now - sentAt < QUEUED_MS_MAX
