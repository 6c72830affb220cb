import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { askedPage, badCursor } from '../../../src/cloudflare/http/page.ts'
import { problem } from '../../../src/cloudflare/http/problem.ts'
import { respondOnce, respondOnceClaimed } from '../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import {
  discardDeadLetter,
  getDeadLetter,
  listDeadLetters,
  redriveDeadLetter,
} from '../../../src/contracts/http/operations.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { canBeRedriven, closingBy, redrive, requesterOf } from '../dead-letters/letter-closing.ts'
import { validationOf } from '../dead-letters/letter-detail.ts'
import { findLetters, loadLetters } from '../dead-letters/letter-list.ts'
import {
  closeLetter,
  type StoredLetter,
  selectLetters,
  viewClosed,
  viewLetter,
} from '../dead-letters/letter-table.ts'
import { consumerOf } from '../dead-letters/queue-bindings.ts'
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

  serve(app, getDeadLetter, async (c) => {
    const { id } = c.req.valid('param')
    const [letter] = await loadLetters(c.env.OPERATIONS_DB, [id])
    if (letter === undefined) return notFound(c, id)
    return c.json({ ...viewLetter(letter), validation: validationOf(letter, c.var.settings) }, 200)
  })

  serve(app, redriveDeadLetter, (c) =>
    respondOnceClaimed<typeof redriveDeadLetter>(c, requesterOf(c), async () => {
      const { id } = c.req.valid('param')
      const [letter] = await selectLetters(c.env.OPERATIONS_DB, { ids: [id], limit: 1 })
      if (letter === undefined) return notFound(c, id)
      if (!canBeRedriven(letter)) return tokenErased(c, letter)
      const closing = closingBy(c)
      const body = viewClosed(letter, 'redriven', closing)
      return { status: 200, body, statements: await redrive(c.env, [{ letter, closing }]) }
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

const tokenErased = (c: Context, { id, status }: StoredLetter) =>
  problem(c, 'payment_token_erased', {
    detail: `The payment token of dead letter ${id} was erased when the letter was closed, and the letter is ${status} now. Its producer has to send the event again.`,
  })

const notFound = (c: Context, id: string) =>
  problem(c, 'dead_letter_not_found', { detail: `There is no dead letter ${id}.` })
