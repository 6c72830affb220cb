/** A number from 0 to below 1. */
export type Chance = () => number

/** Doubles from two seconds up to a minute: a fault that passes is not waited for much longer than it lasts. */
const RETRY_SECONDS_MAX = 60

/** Seconds until the next delivery of a message that was delivered `attempts` times; full jitter, at least one. */
export const retryAfterSeconds = (attempts: number, chance: Chance): number => {
  const ceiling = Math.min(2 ** Math.min(attempts, 10), RETRY_SECONDS_MAX)
  return Math.max(1, Math.ceil(ceiling * chance()))
}
