import type { Context } from 'hono'
import { createApp } from '../../../src/cloudflare/http/app.ts'
import { respondOnce, respondOnceClaimed } from '../../../src/cloudflare/http/respond-once.ts'
import { serve } from '../../../src/cloudflare/http/serve.ts'
import {
  discardDeadLetters,
  listDeadLetterGroups,
  type RedrivenLetters,
  redriveDeadLetters,
} from '../../../src/contracts/http/dead-letter-groups.ts'
import { fromTimestamp, toTimestamp } from '../../../src/kernel/instant.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { delaysSeconds } from '../../../src/operations/paced-sending.ts'
import { canBeRedriven, closingBy, redrive, requesterOf } from '../dead-letters/letter-closing.ts'
import { validationOf } from '../dead-letters/letter-detail.ts'
import { findGroups, type LetterSelection, selectGroup } from '../dead-letters/letter-selection.ts'
import { closeLetter, type StoredLetter, selectLetters } from '../dead-letters/letter-table.ts'
import { consumerOf } from '../dead-letters/queue-bindings.ts'
import type { OperationsRoutesEnv } from '../variables.ts'

export const deadLetterGroupRoutes = (log: Log) => {
  const app = createApp<OperationsRoutesEnv>(log)

  serve(app, listDeadLetterGroups, async (c) => {
    const { queue, status } = c.req.valid('query')
    const { groups, hasMore } = await findGroups(c.env.OPERATIONS_DB, { consumer: consumerOf(queue), status })
    const views = groups.map(({ consumer, ...group }) => ({ queue: `${consumer}-inbox` as const, ...group }))
    return c.json({ groups: views, hasMore }, 200)
  })

  serve(app, redriveDeadLetters, (c) =>
    respondOnceClaimed<typeof redriveDeadLetters>(c, requesterOf(c), async () => {
      const { rate, dryRun, limit, ...wanted } = c.req.valid('json')
      const { letters: selected, matching } = await select(c.env.OPERATIONS_DB, wanted, limit)
      const letters = selected.filter(canBeRedriven)
      const remaining = remainingOf(matching, dryRun ? [] : letters)
      if (dryRun)
        return { status: 200, body: { redriven: [], ...remaining, plan: planOf(c, letters) }, statements: [] }
      const delays = rate === undefined ? [] : delaysSeconds(letters.length, rate)
      const closings = letters.map((letter, nth) => ({
        letter,
        closing: closingBy(c),
        delaySeconds: delays[nth] ?? 0,
      }))
      const lasts = rate === undefined ? {} : { seconds: delays.at(-1) ?? 0 }
      const body = { redriven: letters.map(({ id }) => id), ...remaining, ...lasts }
      return { status: 200, body, statements: await redrive(c.env, closings) }
    }),
  )

  serve(app, discardDeadLetters, (c) =>
    respondOnce<typeof discardDeadLetters>(c, requesterOf(c), async () => {
      const { reason, letters: wanted, limit, dryRun } = c.req.valid('json')
      const { letters, matching } = await select(c.env.OPERATIONS_DB, wanted, limit)
      if (dryRun)
        return { status: 200, body: { discarded: [], ...remainingOf(matching, []) }, statements: [] }
      const statements = letters.flatMap((letter) =>
        closeLetter(c.env.OPERATIONS_DB, letter, 'discarded', closingBy(c, reason)),
      )
      const body = { discarded: letters.map(({ id }) => id), ...remainingOf(matching, letters) }
      return { status: 200, body, statements }
    }),
  )

  return app
}

type Wanted = Omit<LetterSelection, 'consumer' | 'seenBefore'> & {
  ids?: readonly string[] | undefined
  queue?: string | undefined
  seenBefore?: string | undefined
}

/** `matching` is undefined for letters that are named by their ids. */
const select = async (
  database: D1Database,
  { ids, queue, seenBefore, ...selection }: Wanted,
  limit: number,
): Promise<{ letters: StoredLetter[]; matching: number | undefined }> => {
  const consumer = consumerOf(queue)
  if (ids !== undefined) {
    return { letters: await selectLetters(database, { ids, consumer, limit }), matching: undefined }
  }
  const before = seenBefore === undefined ? {} : { seenBefore: toTimestamp(fromTimestamp(seenBefore)) }
  return await selectGroup(database, { ...selection, ...before, consumer }, limit)
}

const remainingOf = (matching: number | undefined, taken: readonly StoredLetter[]) =>
  matching === undefined ? {} : { remaining: matching - taken.length }

const planOf = (
  c: Context<OperationsRoutesEnv>,
  letters: readonly StoredLetter[],
): NonNullable<RedrivenLetters['plan']> => ({
  ids: letters.map(({ id }) => id),
  invalid: letters
    .map((letter) => ({ id: letter.id, errors: validationOf(letter, c.var.settings).errors }))
    .filter(({ errors }) => errors.length > 0),
})
