import { z } from 'zod'
import { hash32 } from '../../kernel/hash.ts'
import { dayOf, type Instant } from '../../kernel/instant.ts'
import { isParted, keptResponse, partAnswer, wholeAnswer } from '../../messaging/answer-parts.ts'
import { firstDayKept } from '../../messaging/idempotency.ts'
import { DUE_ROWS_MAX } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'
import { fromStored, marked, readStored, type StoredType, toStored } from '../../messaging/stored-document.ts'

/** Large parts of answers, each once a day: a webhook's address may have changed when its answer is repeated. */
export const ANSWER_PARTS_TABLE = `
  CREATE TABLE answer_parts (
    day INTEGER NOT NULL,
    part_id INTEGER NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (day, part_id)
  ) WITHOUT ROWID`

/** The part is in `answer_parts`, under its day and its id. */
export const WEBHOOK_RESPONSE = keptResponse(
  'response of the webhook partition',
  z.tuple([z.number(), z.number()]),
)

/** What is kept of an answer under its key. Its large part is kept as long as the key: it has the same day, or a later one. */
export const keepAnswer = <View extends object>(
  sql: Sql,
  { type, view }: { type: StoredType<View>; view: View },
  now: Instant,
): string => {
  const { rest, part } = partAnswer(marked(type, view))
  if (part === undefined) return toStored(WEBHOOK_RESPONSE, rest)
  const day = dayOf(now)
  return toStored(WEBHOOK_RESPONSE, { rest, part: [day, keepPart(sql, day, part)] })
}

/** The answer again. */
export const keptAnswer = <View>(sql: Sql, type: StoredType<View>, text: string | null): View => {
  const kept = readStored(WEBHOOK_RESPONSE, text ?? '{}')
  if (!isParted(kept)) return fromStored(type, kept)
  const [row] = sql<{ part: string }>(
    'SELECT part FROM answer_parts WHERE day = ? AND part_id = ?',
    ...kept.part,
  )
  if (row === undefined) throw new Error('Broken invariant: an answer has lost its part')
  return fromStored(type, wholeAnswer(kept.rest, row.part))
}

/** A portion of those that no key refers to any longer. In a turn. */
export const forgetParts = (sql: Sql, now: Instant): void => {
  sql(
    `DELETE FROM answer_parts WHERE (day, part_id) IN
      (SELECT day, part_id FROM answer_parts WHERE day < ? ORDER BY day LIMIT ${DUE_ROWS_MAX})`,
    firstDayKept(now),
  )
}

/** By its hash, or the next free number after it. */
const keepPart = (sql: Sql, day: number, part: string): number => {
  for (let partId = hash32(part); ; partId += 1) {
    const [known] = sql<{ part: string }>(
      'SELECT part FROM answer_parts WHERE day = ? AND part_id = ?',
      day,
      partId,
    )
    if (known?.part === part) return partId
    if (known !== undefined) continue
    sql('INSERT INTO answer_parts (day, part_id, part) VALUES (?, ?, ?)', day, partId, part)
    return partId
  }
}
