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
 * How long after a publication its effect is waited for before it is published again. Capped so that one lost
 * message or one restart delays an order by less than a minute, jitter included.
 */
const RESEND_DELAYS_MS = [5_000, 10_000, 20_000, 40_000] as const
const RESEND_JITTER = 0.2

export const resendDelayMs = (sends: number, chance: Chance): number => {
  const index = Math.min(Math.max(sends, 1), RESEND_DELAYS_MS.length) - 1
  const delay = RESEND_DELAYS_MS[index] ?? RESEND_DELAYS_MS[0]
  return Math.round(delay * (1 + RESEND_JITTER * chance()))
}
