import { z } from 'zod'
import { openText, sealText } from '../../../../src/cloudflare/sealed-text.ts'
import { storageKeysOf } from '../../../../src/cloudflare/storage-key.ts'
import { PERSON_LENGTH_MAX } from '../../../../src/contracts/caller.ts'
import { type Instant, SECOND_MS } from '../../../../src/kernel/instant.ts'
import { type Result, refusal, success } from '../../../../src/kernel/result.ts'

/** A working day. After it the operator shows a key again. */
export const SESSION_SECONDS = 8 * 3_600

const SEALED_FOR = { purpose: 'console session', owner: 'console' }

/** `hash` is the key's SHA-256, as the list of keys has it. The key itself is nowhere in a session. */
const sessionSchema = z.object({
  keyId: z.string().min(1).max(64),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  expiresAt: z.int(),
  /** The email address that Cloudflare Access vouched for; none where it does not stand in front of the console. */
  person: z.string().max(PERSON_LENGTH_MAX).optional(),
})

export type Session = z.infer<typeof sessionSchema>

/** The text of the cookie. Refused where the deployment has no key to seal it with. */
export const sealSession = async (
  env: object,
  key: Omit<Session, 'expiresAt'>,
  now: Instant,
): Promise<Result<string, 'no_storage_key'>> => {
  const { current } = storageKeysOf(env)
  if (current === undefined) return refusal('no_storage_key')
  const session: Session = { ...key, expiresAt: now + SESSION_SECONDS * SECOND_MS }
  return success(await sealText(current, SEALED_FOR, JSON.stringify(session)))
}

/** The session of a cookie. Undefined where it was forged, has expired, or was sealed with a key that is gone. */
export const openSession = async (env: object, text: string, now: Instant): Promise<Session | undefined> => {
  const opened = await openText(storageKeysOf(env), SEALED_FOR, text)
  if (!opened.ok) return undefined
  const session = sessionSchema.parse(JSON.parse(opened.value))
  return session.expiresAt > now ? session : undefined
}
