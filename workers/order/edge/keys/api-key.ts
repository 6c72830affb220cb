import { sha256 } from '../../../../src/cloudflare/sha256.ts'
import { type RandomBytes, randomDigits, ulid } from '../../../../src/kernel/ids.ts'
import type { Instant } from '../../../../src/kernel/instant.ts'
import { type KeyMark, MARK_DIGITS } from './key-mark.ts'

/** 160 bits of chance and a mark: it cannot be guessed, and a plain hash of it cannot be turned back. */
const SECRET_DIGITS = 32

const FORMAT = new RegExp(`^eo_([0-9a-z]{26})_[0-9a-z]{${SECRET_DIGITS + MARK_DIGITS}}$`)

export type NewKey = { id: string; key: string; isMarked: boolean }

/**
 * `eo_<id>_<secret>`: the id finds the key and may be shown, the secret proves that one has it. Its last eight digits
 * are the mark; where the deployment cannot make one they are chance, as in every key that older code made.
 */
export const newApiKey = async (now: Instant, random: RandomBytes, mark: KeyMark): Promise<NewKey> => {
  const id = ulid(now, random)
  const body = `eo_${id}_${randomDigits(SECRET_DIGITS, random)}`
  const made = await mark.make(body)
  return { id, key: body + (made ?? randomDigits(MARK_DIGITS, random)), isMarked: made !== undefined }
}

/** The id in what somebody sent as a key, none where it cannot be one of ours. */
export const apiKeyId = (text: string): string | undefined => FORMAT.exec(text)?.[1]

/** What is kept of a key. */
export const hashApiKey = (key: string): Promise<string> => sha256(key)
