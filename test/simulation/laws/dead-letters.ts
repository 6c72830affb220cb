import type { Callers } from '../callers.ts'
import type { Platform } from '../platform.ts'
import type { System } from '../system.ts'
import type { Violated } from './stored.ts'

const UNREADABLE = ['unknown_type', 'newer_version', 'schema_broken']

/** A dead letter has a reason, and the world knows why. */
export const checkDeadLetters = (
  system: System,
  { callers, excused, platform }: { callers: Callers; excused: ReadonlySet<string>; platform: Platform },
  violated: Violated,
): void => {
  const letters = system.readModels.operations.sql<{
    consumer: string
    reason: string
    error: string
    order_id: string | null
    event: string
  }>('SELECT consumer, reason, error, order_id, event FROM dead_letters')
  for (const { consumer, reason, error, order_id, event } of letters) {
    const isForeign = UNREADABLE.includes(reason) && callers.foreignFaults > 0
    const isRefused = reason === 'bank_refused' && excused.has(order_id ?? '')
    const isGivenUp =
      reason === 'retries_exhausted' &&
      (callers.foreignIds.has(order_id ?? '') || isOld(event)) &&
      platform.faults.struck.length > 0
    if (!isForeign && !isRefused && !isGivenUp)
      violated('every dead letter is explained', `${consumer}: ${reason} (${error}) ${event}`)
  }
  for (const queue of Object.values(system.inboxes)) {
    if (queue.exhausted > 0 && platform.faults.struck.length === 0) {
      violated(
        'every dead letter is explained',
        `${queue.name} gave up ${queue.exhausted} messages without a fault`,
      )
    }
  }
}

/** Version 1 does not say whose order it is, so it counts as one that nobody sends again. */
const isOld = (event: string): boolean => 'eventType' in JSON.parse(event)
