import { type Instant, SECOND_MS } from '../../../src/kernel/instant.ts'
import { ALL_PRODUCTS } from '../../../src/order/pause.ts'
import { REPLICA_LAG_MS_MAX } from '../platform/database.ts'
import type { Platform } from '../platform/platform.ts'
import type { Item } from '../world/action.ts'

/** A pause as its operator knows it: when its beginning and its end were asked for, and when each was known to be stored. */
export type KnownPause = {
  productId: string
  askedAt: Instant
  storedAt: Instant
  liftAskedAt: Instant
  liftedAt: Instant
}

/** What an isolate knows of pauses is at most so old: `docs/api.md` promises it. */
const KNOWN_AFTER_MS = 2 * SECOND_MS

/**
 * Whether an order that was priced from `beganAt` until now was refused as the pauses demand. The project reads no
 * replica of D1. In worlds that have one, what was read may be as old as the replica on top.
 */
export const checkPaused = (
  { scheduler, faults, violated }: Platform,
  pauses: readonly KnownPause[],
  { items, beganAt, isRefused }: { items: readonly Item[]; beganAt: Instant; isRefused: boolean },
): void => {
  const { now } = scheduler
  const knownMs = KNOWN_AFTER_MS + (faults.rates.has('databaseStale') ? REPLICA_LAG_MS_MAX : 0)
  const own = pauses.filter((pause) => concerns(pause, items))
  const known = own.find(({ storedAt, liftAskedAt }) => storedAt + knownMs <= beganAt && now < liftAskedAt)
  if (known !== undefined && !isRefused)
    violated('a pause refuses the new orders of its products', `${nameOf(known)} are paused`)
  const mayBeKnown = own.some(({ askedAt, liftedAt }) => askedAt <= now && beganAt < liftedAt + knownMs)
  if (isRefused && !mayBeKnown)
    violated('no order is refused without a pause of its products', items.map(nameOf).join(' and '))
}

const concerns = ({ productId }: KnownPause, items: readonly Item[]): boolean =>
  productId === ALL_PRODUCTS || items.some((item) => item.productId === productId)

/** For people: which orders a pause is about. */
export const nameOf = ({ productId }: { productId: string }): string =>
  productId === ALL_PRODUCTS ? 'all orders' : `orders of ${productId}`
