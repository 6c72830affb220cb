import { type Instant, MINUTE_MS, secondsSince } from '../../kernel/instant.ts'
import type { BankLookup, BankResult } from '../bank.ts'

/**
 * An outage counts as over when no call has failed for so long. The order service redelivers an outstanding event every
 * ten minutes at the latest, so by then no order of this partition waits for the bank.
 */
export const OUTAGE_KNOWN_MS = 15 * MINUTE_MS

type Outage = { since: Instant; lastFailedAt: Instant; hasError: boolean }

/** What a call of the bank came to. */
export type CallOutcome = BankResult['kind'] | BankLookup['kind']

/**
 * Since when the bank fails, as seen by this partition. Kept in memory alone: nothing is written for it, and a partition
 * that starts again counts from the next failed call.
 */
export const createBankOutage = (now: () => Instant) => {
  let outage: Outage | undefined

  const fail = (outcome: 'error' | 'unknown'): void => {
    const hasError = outcome === 'error' || outage?.hasError === true
    outage = { since: outage?.since ?? now(), lastFailedAt: now(), hasError }
  }

  return {
    /**
     * Takes the outcome of one call. A decline is an answer. Books that can be read do not show that the bank carries out
     * calls again where it responded to one with an error.
     */
    note: (outcome: CallOutcome): void => {
      if (outage !== undefined && now() - outage.lastFailedAt > OUTAGE_KNOWN_MS) outage = undefined
      if (outcome === 'error' || outcome === 'unknown') fail(outcome)
      else if (outcome !== 'found' || outage?.hasError !== true) outage = undefined
    },

    /** How long the bank has failed without an answer in between, in seconds, or 0. */
    seconds: (): number => {
      if (outage === undefined || now() - outage.lastFailedAt > OUTAGE_KNOWN_MS) return 0
      return secondsSince(outage.since, now())
    },
  }
}

export type BankOutage = ReturnType<typeof createBankOutage>
