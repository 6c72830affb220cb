import { type Instant, SECOND_MS } from '../../kernel/instant.ts'
import type { PartitionHost } from '../../messaging/partition.ts'

/** At most one line in this time, however many orders are refused. */
const LOG_EVERY_MS = 10 * SECOND_MS

/** Counts refused orders, and logs the number since the last line with an example. */
export const createRefusalLog = (host: PartitionHost) => {
  let refused = 0
  let loggedAt = Number.NEGATIVE_INFINITY
  return (example: Record<string, unknown>, now: Instant): void => {
    refused += 1
    if (now - loggedAt < LOG_EVERY_MS) return
    host.log('warn', 'orders were refused: too many open', { refused, ...example })
    refused = 0
    loggedAt = now
  }
}
