import { type Instant, SECOND_MS } from '../../../../src/kernel/instant.ts'

/** A read of a key is over after this time, and another stream starts the next one. */
const READ_MS_MAX = 5 * SECOND_MS
const LOOK_AGAIN_MS = 250
/** With a quarter of a minute between two checks, a key that cannot be read ends its streams within a minute. */
const UNREAD_MS_MAX = 40 * SECOND_MS

type Clock = { now(): Instant; pause(ms: number): Promise<unknown> }

/**
 * Whether a key is still good. Long-lived responses check again and again. One of the responses that share a key reads it,
 * and the others wait for that read: a thousand streams of one key cost one read.
 */
export const createSharedKeyCheck = ({ now, pause }: Clock) => {
  const reading = new Map<string, Instant>()
  const isBeingRead = (id: string): boolean =>
    now() - (reading.get(id) ?? Number.NEGATIVE_INFINITY) < READ_MS_MAX
  return (id: string, opens: () => Promise<boolean | 'unavailable'>): (() => Promise<boolean>) => {
    let confirmedAt = now()
    return async () => {
      while (isBeingRead(id)) await pause(LOOK_AGAIN_MS)
      const startedAt = now()
      reading.set(id, startedAt)
      const isGood = await opens()
      reading.delete(id)
      if (isGood === true) confirmedAt = startedAt
      return isGood === 'unavailable' ? now() - confirmedAt < UNREAD_MS_MAX : isGood
    }
  }
}
