import { createChangeWaits } from './change-waits.ts'
import type { PartitionHost } from './partition.ts'
import type { Sql } from './sql.ts'

/*
 * What all feeds of partitions have in common. There is no log: while a feed is on, a row takes the partition's next
 * position in the commit that changes it. The first read switches the feed on, and draws its epoch. A place of another
 * epoch is unknown, because rows have changed without a position since.
 */

/** For a migration: has a row while the feed is on. The epoch is drawn anew each time that it is switched on. */
export const FEED_TABLE = 'CREATE TABLE feed (one INTEGER PRIMARY KEY CHECK (one = 1), epoch TEXT NOT NULL)'

/**
 * How far a reader is in the feed of one partition. It reads first all rows that there are, then those that changed
 * later, by their positions.
 */
type PlaceInFeed = { epoch: string } & (
  | {
      part: 'stored'
      /** The last position when the reader began. What is later comes in the second part. */
      began: number
    }
  | {
      part: 'new'
      /** Every row up to this position was read, as it was then. */
      read: number
    }
)

type Ports = {
  host: PartitionHost
  /** The position that was taken last, 0 before the first. */
  lastPosition(sql: Sql): number
  /** In a turn: stores the row of the table `feed`. `began` is the position that was taken last. */
  storeEpoch(sql: Sql, epoch: string, began: number): void
}

/** Readers that wait in a partition. A further one ends the wait that began first, whose reader asks again. */
const WAITS_MAX = 64
/** All wait for the same thing. */
const WAIT = {
  ...{ orderId: '', bearer: '' },
  limits: { total: WAITS_MAX, perBearer: WAITS_MAX, perOrder: WAITS_MAX },
}

/** Whether the feed of a partition is on, and those who wait for it. */
export const createFeedSwitch = ({ host, lastPosition, storeEpoch }: Ports) => {
  const { sql } = host
  const waits = createChangeWaits(host)
  let epoch = loadEpoch(sql)

  const endWaits = (): void => waits.notify(WAIT.orderId)

  const become = (next: string | undefined): void =>
    host.afterTurn(() => {
      epoch = next
      endWaits()
    })

  /** A place ahead of the partition is of a database that was restored since. */
  const isKnown = (place: PlaceInFeed): boolean =>
    place.epoch === epoch && (place.part === 'new' ? place.read : place.began) <= lastPosition(sql)

  return {
    isKnown,

    /** In a turn: the epoch. Switches the feed on where it is off. */
    switchOn: (newEpoch: string): string => {
      if (epoch !== undefined) return epoch
      storeEpoch(sql, newEpoch, lastPosition(sql))
      become(newEpoch)
      return newEpoch
    },

    /** From now on rows take no positions, and every place is unknown. Returns whether the feed was on. */
    switchOff: (): boolean =>
      host.turn(() => {
        if (epoch === undefined) return false
        sql('DELETE FROM feed')
        become(undefined)
        return true
      }),

    /** In a turn: the next position, for a row that changes now; undefined while the feed is off. */
    nextPosition: (): number | undefined => {
      if (epoch === undefined) return undefined
      host.afterTurn(endWaits)
      return lastPosition(sql) + 1
    },

    /** Resolves once there may be something after this place, or when the time is up. */
    untilNew: async (place: PlaceInFeed, withinMs: number): Promise<void> => {
      const isCaughtUp = place.part === 'new' && isKnown(place) && lastPosition(sql) === place.read
      if (isCaughtUp) await waits.nextChange(WAIT, withinMs)
    },
  }
}

const loadEpoch = (sql: Sql): string | undefined => sql<{ epoch: string }>('SELECT epoch FROM feed')[0]?.epoch
