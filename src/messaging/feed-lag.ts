import { type Instant, secondsSince } from '../kernel/instant.ts'
import { type Result, refusal, success } from '../kernel/result.ts'
import type { Places } from './feed-cursor.ts'
import { type CursorRefused, isOf } from './feed-reader.ts'

/** What a reader at a place of one partition does not have yet. */
export type PartitionLag = {
  events: number
  /** When the first of them took effect; undefined where there is none. */
  oldestAt: Instant | undefined
}

/** What a reader has yet to get, in all partitions. */
export type Lag = { events: number; seconds: number }

/** The partitions of a feed, as they are measured for its readers. */
export type MeasuredPartitions<Place, Refused> = {
  labels: readonly string[]
  lagsOf(
    label: string,
    places: readonly (Place | undefined)[],
  ): Promise<readonly Result<PartitionLag, Refused>[]>
}

/**
 * The lag of each reader, in one call of each partition. Refused with what the first partition says that cannot go on from
 * its place, and with `cursor_refused` for a cursor of another deployment, or for `undefined`, which is no cursor.
 */
export const measureReaders = async <Place, Refused>(
  partitions: MeasuredPartitions<Place, Refused>,
  cursors: readonly (Places<Place> | undefined)[],
  now: Instant,
): Promise<Result<Lag, Refused | CursorRefused>[]> => {
  const known = cursors.filter((cursor) => cursor !== undefined && isOf(cursor, partitions))
  const replies = await Promise.all(
    partitions.labels.map((label) =>
      partitions.lagsOf(
        label,
        known.map((cursor) => cursor?.places.get(label)),
      ),
    ),
  )
  return cursors.map((cursor) => {
    const index = known.indexOf(cursor)
    if (index < 0) return refusal('cursor_refused')
    return lagOf(
      replies.map((ofLabel) => ofLabel[index]),
      now,
    )
  })
}

const lagOf = <Refused>(
  replies: readonly (Result<PartitionLag, Refused> | undefined)[],
  now: Instant,
): Result<Lag, Refused | CursorRefused> => {
  const lags: PartitionLag[] = []
  for (const reply of replies) {
    if (reply === undefined) return refusal('cursor_refused')
    if (!reply.ok) return reply
    lags.push(reply.value)
  }
  const times = lags.flatMap(({ oldestAt }) => oldestAt ?? [])
  return success({
    events: lags.reduce((sum, { events }) => sum + events, 0),
    seconds: times.length === 0 ? 0 : secondsSince(Math.min(...times), now),
  })
}

/** The place in each partition of a reader that begins there. Switches the feed on in all of them. */
export const placesAt = async <Place>(
  labels: readonly string[],
  placeAt: (label: string) => Promise<Place>,
): Promise<Places<Place>> => {
  const places = labels.map(async (label) => [label, await placeAt(label)] as const)
  return { next: 0, places: new Map(await Promise.all(places)) }
}
