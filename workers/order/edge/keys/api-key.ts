import { sha256 } from '../../../../src/cloudflare/sha256.ts'
import { type RandomBytes, randomDigits, ulid } from '../../../../src/kernel/ids.ts'
import type { Instant } from '../../../../src/kernel/instant.ts'
import { type KeyMark, MARK_DIGITS } from './key-mark.ts'

/** 160 random bits and a mark: it cannot be guessed, and a plain hash of it cannot be reversed. */
const SECRET_DIGITS = 32

const FORMAT = new RegExp(`^eo_([0-9a-z]{26})_[0-9a-z]{${SECRET_DIGITS + MARK_DIGITS}}$`)

export type NewKey = { id: string; key: string; isMarked: boolean }

/**
 * `eo_<id>_<secret>`: the id finds the key and may be shown, the secret proves possession of the key. Its last eight
 * digits are the mark. Where the deployment cannot make a mark they are random, as in every key that older code made.
 */
export const newApiKey = async (now: Instant, random: RandomBytes, mark: KeyMark): Promise<NewKey> => {
  const id = ulid(now, random)
  const body = `eo_${id}_${randomDigits(SECRET_DIGITS, random)}`
  const made = await mark.make(body)
  return { id, key: body + (made ?? randomDigits(MARK_DIGITS, random)), isMarked: made !== undefined }
}

/** The id in a presented key. Undefined where the text cannot be one of our keys. */
export const apiKeyId = (text: string): string | undefined => FORMAT.exec(text)?.[1]

/** The only part of a key's secret that is stored. */
export const hashApiKey = (key: string): Promise<string> => sha256(key)
