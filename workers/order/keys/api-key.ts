import { sha256 } from '../../../src/cloudflare/sha256.ts'
import { type RandomBytes, randomDigits, ulid } from '../../../src/kernel/ids.ts'
import type { Instant } from '../../../src/kernel/instant.ts'

/** 200 bits of chance: nobody guesses it, and a plain hash of it cannot be turned back. */
const SECRET_DIGITS = 40

const FORMAT = new RegExp(`^eo_([0-9a-z]{26})_[0-9a-z]{${SECRET_DIGITS}}$`)

/** `eo_<id>_<secret>`: the id finds the key and may be shown, the secret proves that one has it. */
export const newApiKey = (now: Instant, random: RandomBytes): { id: string; key: string } => {
  const id = ulid(now, random)
  return { id, key: `eo_${id}_${randomDigits(SECRET_DIGITS, random)}` }
}

/** The id in what somebody sent as a key, none where it cannot be one of ours. */
export const apiKeyId = (text: string): string | undefined => FORMAT.exec(text)?.[1]

/** What is kept of a key. */
export const hashApiKey = (key: string): Promise<string> => sha256(key)
