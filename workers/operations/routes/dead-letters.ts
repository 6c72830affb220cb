import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { respondOnce, respondOnceClaimed } from '../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import { newUlid } from '../../../src/cloudflare/new-ulid.ts'
import { SEND_TIMEOUT_MS } from '../../../src/cloudflare/publisher.ts'
import { within } from '../../../src/cloudflare/within.ts'
import { CONSUMERS } from '../../../src/contracts/dead-letter.ts'
import {
  discardDeadLetter,
  listDeadLetters,
  redriveDeadLetter,
  redriveDeadLetters,
} from '../../../src/contracts/http/operations.ts'
import type { Subscriber } from '../../../src/contracts/topology.ts'
import { toTimestamp } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { redriven } from '../../../src/operations/dead-letters.ts'
import { hasErasedToken } from '../../../src/operations/erased-tokens.ts'
import { findLetters } from '../dead-letters/letter-list.ts'
import {
  type Closing,
  closeLetter,
  type StoredLetter,
  selectLetters,
  viewClosed,
} from '../dead-letters/letter-table.ts'
import { inboxOf } from '../dead-letters/queue-bindings.ts'
import type { OperationsRoutesEnv } from '../variables.ts'

export const deadLetterRoutes = (log: Log) => {
  const app = createApp<OperationsRoutesEnv>(log)

  serve(app, listDeadLetters, async (c) => {
    const asked = c.req.valid('query')
    const page = askedPage('dead-letters', asked)
    if (!page.ok) return badCursor(c, page.reason)
    const { queue, status, reason, type } = asked
    const filter = { consumer: consumerOf(queue), status, reason, type }
    return c.json(await findLetters(c.env.OPERATIONS_DB, filter, page.value), 200)
  })

  serve(app, redriveDeadLetters, (c) =>
    respondOnceClaimed<typeof redriveDeadLetters>(c, requesterOf(c), async () => {
      const { queue, ids, limit } = c.req.valid('json')
      const wanted = { ids, consumer: consumerOf(queue), limit }
      const letters = (await selectLetters(c.env.OPERATIONS_DB, wanted)).filter(canBeRedriven)
      const body = { redriven: letters.map((letter) => letter.id) }
      const closings = letters.map((letter) => ({ letter, closing: closingBy(c) }))
      return { status: 200, body, statements: await redrive(c, closings) }
    }),
  )

  serve(app, redriveDeadLetter, (c) =>
    respondOnceClaimed<typeof redriveDeadLetter>(c, requesterOf(c), async () => {
      const { id } = c.req.valid('param')
      const [letter] = await selectLetters(c.env.OPERATIONS_DB, { ids: [id], limit: 1 })
      if (letter === undefined) return notFound(c, id)
      if (!canBeRedriven(letter)) return tokenErased(c, letter)
      const closing = closingBy(c)
      const body = viewClosed(letter, 'redriven', closing)
      return { status: 200, body, statements: await redrive(c, [{ letter, closing }]) }
    }),
  )

  serve(app, discardDeadLetter, (c) =>
    respondOnce<typeof discardDeadLetter>(c, requesterOf(c), async () => {
      const { id } = c.req.valid('param')
      const { reason } = c.req.valid('json')
      const [letter] = await selectLetters(c.env.OPERATIONS_DB, { ids: [id], limit: 1 })
      if (letter === undefined) return notFound(c, id)
      const closing = closingBy(c, reason)
      const body = viewClosed(letter, 'discarded', closing)
      const statements = closeLetter(c.env.OPERATIONS_DB, letter, 'discarded', closing)
      return { status: 200, body, statements }
    }),
  )

  return app
}

/** Without its token the event would mean something else: a consumer might charge the default card. */
const canBeRedriven = ({ event }: StoredLetter): boolean => !hasErasedToken(event)

const requesterOf = (c: Context<OperationsRoutesEnv>) => ({
  client: c.var.caller.client,
  database: c.env.OPERATIONS_DB,
})

/**
 * Sends first and stores after: a crash in between sends the letter twice, which consumers tolerate. Of two variants the
 * newest is sent, the producer's last word. Consumers take one event of an identity: with both sent, chance would choose.
 */
const redrive = async (
  c: Context<OperationsRoutesEnv>,
  closings: readonly { letter: StoredLetter; closing: Closing }[],
): Promise<D1PreparedStatement[]> => {
  for (const { letter, closing } of closings) {
    const parked: unknown = JSON.parse(letter.event)
    const event = redriven({ reason: letter.reason, event: parked }, closing.auditId)
    const sent = inboxOf(c.env, letter.consumer).send([event], { contentType: 'json' })
    await within(SEND_TIMEOUT_MS, `sending to ${letter.consumer}`, sent)
  }
  return closings.flatMap(({ letter, closing }) =>
    closeLetter(c.env.OPERATIONS_DB, letter, 'redriven', closing),
  )
}

const closingBy = (c: Context<OperationsRoutesEnv>, why?: string): Closing => ({
  client: c.var.caller.client,
  keyId: c.var.caller.keyId,
  at: toTimestamp(Date.now()),
  auditId: newUlid(),
  why,
})

const consumerOf = (queue: string | undefined): Subscriber | undefined =>
  CONSUMERS.find((consumer) => queue === `${consumer}-inbox`)

const tokenErased = (c: Context, { id, status }: StoredLetter) =>
  problem(c, 'payment_token_erased', {
    detail: `The payment token of dead letter ${id} was erased when the letter was closed, and the letter is ${status} now. Its producer has to send the event again.`,
  })

const notFound = (c: Context, id: string) =>
  problem(c, 'dead_letter_not_found', { detail: `There is no dead letter ${id}.` })
