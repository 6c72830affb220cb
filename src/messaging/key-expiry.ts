import { HOUR_MS, type Instant } from '../kernel/instant.ts'
import { firstDayKept, oldKeysKeptFrom } from './idempotency.ts'
import { DUE_ROWS_MAX, type PartitionHost } from './partition.ts'

/** How long keys that older code kept are left alone after all of them were looked at: they get old by the day. */
const OLD_KEYS_PAUSE_MS = HOUR_MS

/**
 * Forgets keys that are old enough, a portion at each wake-up. Expired keys are no reason to set the alarm: each
 * partition is called every ten minutes anyway, and an alarm is a row written. A restart begins anew with the keys that
 * older code kept, which costs reads alone.
 */
export const createKeyExpiry = ({ sql, now }: Pick<PartitionHost, 'sql' | 'now'>) => {
  const old = { after: '', nextLookAt: 0 }

  const hasExpired = (): boolean =>
    sql('SELECT 1 FROM idempotency_keys WHERE day < ? LIMIT 1', firstDayKept(now())).length > 0

  const hasOld = (): boolean => now() >= old.nextLookAt && sql('SELECT 1 FROM requests LIMIT 1').length > 0

  const forgetExpired = (): void => {
    sql(
      `DELETE FROM idempotency_keys WHERE (day, request_key) IN
        (SELECT day, request_key FROM idempotency_keys WHERE day < ? ORDER BY day LIMIT ${DUE_ROWS_MAX})`,
      firstDayKept(now()),
    )
  }

  /** They have no index by time, so they are gone through by key. */
  const forgetOld = (): void => {
    const portion = sql<{ request_key: string }>(
      `SELECT request_key FROM requests WHERE request_key > ? ORDER BY request_key LIMIT ${DUE_ROWS_MAX}`,
      old.after,
    )
    const last = portion.at(-1)?.request_key ?? old.after
    const keptFrom = oldKeysKeptFrom(now())
    sql(
      'DELETE FROM requests WHERE request_key > ? AND request_key <= ? AND at <= ?',
      ...[old.after, last, keptFrom],
    )
    const isLast = portion.length < DUE_ROWS_MAX
    old.after = isLast ? '' : last
    if (isLast) old.nextLookAt = now() + OLD_KEYS_PAUSE_MS
  }

  return {
    /** Now where keys have expired, else not at all. */
    dueAt: (): Instant | undefined => (hasExpired() || hasOld() ? now() : undefined),

    /** In a turn. */
    forget: (): void => {
      forgetExpired()
      if (hasOld()) forgetOld()
    },
  }
}

export type KeyExpiry = ReturnType<typeof createKeyExpiry>
