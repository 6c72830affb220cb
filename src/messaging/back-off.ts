/** A number from 0 to below 1. */
export type Chance = () => number

/** Doubles from two seconds up to a minute: a fault that passes is not waited for much longer than it lasts. */
const RETRY_SECONDS_MAX = 60

/** Seconds until the next delivery of a message that was delivered `attempts` times; full jitter, at least one. */
export const retryAfterSeconds = (attempts: number, chance: Chance): number => {
  const ceiling = Math.min(2 ** Math.min(attempts, 10), RETRY_SECONDS_MAX)
  return Math.max(1, Math.ceil(ceiling * chance()))
}

/**
 * How long after a publication its effect is waited for before it is published again. For the first minutes capped
 * so that one lost message or one restart delays an order by less than a minute: half of it for this, jitter included,
 * and half for whatever the bank still has to be asked.
 */
const RESEND_DELAYS_MS = [5_000, 10_000, 20_000] as const
/** So many without any answer take five minutes: that is no passing fault, and nobody needs eighty copies an hour. */
const BRISK_SENDS_MAX = 16
/** Then it doubles up to this, so that who comes back is waited for no longer than about half as long as it was away. */
const RESEND_DELAY_MS_MAX = 600_000
const RESEND_JITTER = 0.2

export const resendDelayMs = (sends: number, chance: Chance): number => {
  const index = Math.min(Math.max(sends, 1), RESEND_DELAYS_MS.length) - 1
  const brisk = RESEND_DELAYS_MS[index] ?? RESEND_DELAYS_MS[0]
  const delay = Math.min(brisk * 2 ** Math.max(0, sends - BRISK_SENDS_MAX), RESEND_DELAY_MS_MAX)
  return Math.round(delay * (1 + RESEND_JITTER * chance()))
}

/** The count where there is a reason to look again within a minute: somebody is there after all. */
export const briskSends = (sends: number): number => Math.min(sends, RESEND_DELAYS_MS.length)
