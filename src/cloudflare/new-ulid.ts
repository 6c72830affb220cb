import { ulid } from '../kernel/ids.ts'
import type { Instant } from '../kernel/instant.ts'

/** A new ULID, from the platform's clock and randomness. */
export const newUlid = (now: Instant = Date.now()): string =>
  ulid(now, (count) => crypto.getRandomValues(new Uint8Array(count)))
