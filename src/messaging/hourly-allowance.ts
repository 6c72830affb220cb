import { BOOTSTRAP_CLIENT } from '../contracts/caller.ts'
import { HOUR_MS, SECOND_MS } from '../kernel/instant.ts'
import type { PartitionHost } from './partition.ts'

/** More clients than call one partition in an hour; the one that came first is forgotten when there are more. */
const CLIENTS_MAX = 10_000

/**
 * How often each client may do something in one partition, by the clock's hour. The bootstrap key, and a caller of
 * older code that is not named, have no bound. Counted in memory: a row for each count would cost what it saves, and a
 * restart, which no client can cause, begins the hour anew.
 */
export const createHourlyAllowance = (host: Pick<PartitionHost, 'now' | 'afterTurn'>, most: number) => {
  const current = { hour: 0, counts: new Map<string, number>() }

  const counts = (): Map<string, number> => {
    const hour = Math.floor(host.now() / HOUR_MS)
    if (hour !== current.hour) Object.assign(current, { hour, counts: new Map() })
    return current.counts
  }
  const isBounded = (client: string | undefined): client is string =>
    client !== undefined && client !== BOOTSTRAP_CLIENT
  const countOne = (client: string): void => {
    const known = counts()
    const [first] = known.keys()
    if (!known.has(client) && known.size >= CLIENTS_MAX && first !== undefined) known.delete(first)
    known.set(client, (known.get(client) ?? 0) + 1)
  }

  return {
    /** Until when the client has to wait; none while it may go on. */
    retryAfterSeconds: (client: string | undefined): number | undefined => {
      if (!isBounded(client) || (counts().get(client) ?? 0) < most) return undefined
      return Math.ceil((HOUR_MS - (host.now() % HOUR_MS)) / SECOND_MS)
    },

    /** In a turn, and once that is done: what was undone does not count. */
    count: (client: string | undefined): void => {
      if (isBounded(client)) host.afterTurn(() => countOne(client))
    },
  }
}

export type HourlyAllowance = ReturnType<typeof createHourlyAllowance>

/** A refusal by an allowance. */
export type TooMany = { code: 'rate_limited'; retryAfterSeconds: number }

/** Keys that placed no order, which a client may use in one partition within an hour. */
export const KEYS_AN_HOUR_MAX = 5_000
