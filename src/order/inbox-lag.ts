import { type Instant, SECOND_MS } from '../kernel/instant.ts'

/** One look at an inbox. */
export type InboxSample = {
  at: Instant
  messages: number
  /** When the oldest of them was sent. Undefined in an empty inbox. */
  oldestAt: Instant | undefined
  /** Whether its consumer worked since the last look: its reports have reached an order partition. */
  isConsumed: boolean
}

/** A backlog of this age is no burst any more. */
const AGE_MS_MAX = 30 * SECOND_MS
/** How often in succession a backlog has to grow. The first look after an outage sees both the outage and its end. */
const GROWTHS_MIN = 3
/** Some orders are always taken: only by what is taken does it show that the inbox moves again. */
const SHARE_MIN = 0.1
/** While the backlog does not grow, the share grows by this factor from look to look. */
const RECOVERY = 1.25

/**
 * The share of new orders that the consumer of an inbox can keep up with. The consumer moves through the times of its
 * messages, and its speed is that share: where it gets through half a second's messages in a second, half of the new
 * orders are too many.
 *
 * An inbox that is not consumed is an outage, and no overload: its orders wait until the consumer is back, and new ones
 * are taken. After the outage the backlog is old but falls, so all are taken then too. An oldest message that does not
 * move while others are consumed is one that fails: it says nothing about the load.
 */
export const createInboxLag = () => {
  let last: InboxSample | undefined
  let growths = 0
  let share = 1

  return {
    note: (sample: InboxSample): void => {
      const before = last
      last = sample
      if (!isOld(sample) || !sample.isConsumed) {
        growths = 0
        share = 1
        return
      }
      const speed = before === undefined ? undefined : speedBetween(before, sample)
      const isGrowing =
        speed !== undefined && speed > 0 && speed < 1 && sample.messages > (before?.messages ?? 0)
      growths = isGrowing ? growths + 1 : 0
      if (growths >= GROWTHS_MIN) share = Math.max(SHARE_MIN, speed ?? 1)
      if (growths === 0) share = Math.min(1, share * RECOVERY)
    },

    share: (): number => share,
  }
}

const isOld = ({ at, oldestAt }: InboxSample): boolean =>
  oldestAt !== undefined && at - oldestAt >= AGE_MS_MAX

/** Milliseconds of messages in each millisecond. */
const speedBetween = (before: InboxSample, after: InboxSample): number | undefined =>
  before.oldestAt === undefined || after.oldestAt === undefined || after.at <= before.at
    ? undefined
    : (after.oldestAt - before.oldestAt) / (after.at - before.at)
