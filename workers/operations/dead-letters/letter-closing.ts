import type { Context } from 'hono'
import { newUlid } from '../../../src/cloudflare/new-ulid.ts'
import { SEND_TIMEOUT_MS } from '../../../src/cloudflare/publisher.ts'
import { within } from '../../../src/cloudflare/within.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import { redriven } from '../../../src/operations/dead-letters.ts'
import { hasErasedToken } from '../../../src/operations/erased-tokens.ts'
import type { OperationsRoutesEnv } from '../variables.ts'
import { type Closing, closeLetter, type StoredLetter } from './letter-table.ts'
import { inboxOf } from './queue-bindings.ts'

/** Without its token the event would mean something else: a consumer might charge the default card. */
export const canBeRedriven = ({ event }: StoredLetter): boolean => !hasErasedToken(event)

export const requesterOf = (c: Context<OperationsRoutesEnv>) => ({
  client: c.var.caller.client,
  database: c.env.OPERATIONS_DB,
})

export const closingBy = (c: Context<OperationsRoutesEnv>, why?: string): Closing => ({
  client: c.var.caller.client,
  keyId: c.var.caller.keyId,
  person: c.var.caller.person,
  at: toTimestamp(Date.now()),
  auditId: newUlid(),
  why,
})

/** `delaySeconds`: how long the queue holds the event back. */
type Redrive = { letter: StoredLetter; closing: Closing; delaySeconds?: number }

/**
 * Sends first and stores after: a crash in between sends the letter twice, which consumers tolerate. Of two variants the
 * newest is sent, the producer's last word. Consumers take one event of an identity: with both sent, chance would choose.
 */
export const redrive = async (
  env: OperationsEnv,
  redrives: readonly Redrive[],
): Promise<D1PreparedStatement[]> => {
  for (const { letter, closing, delaySeconds = 0 } of redrives) {
    const parked: unknown = JSON.parse(letter.event)
    const event = redriven({ reason: letter.reason, event: parked }, closing.auditId)
    const sent = inboxOf(env, letter.consumer).send([event], { contentType: 'json', delaySeconds })
    await within(SEND_TIMEOUT_MS, `sending to ${letter.consumer}`, sent)
  }
  return redrives.flatMap(({ letter, closing }) =>
    closeLetter(env.OPERATIONS_DB, letter, 'redriven', closing),
  )
}
