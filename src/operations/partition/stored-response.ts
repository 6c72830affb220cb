import { hash32 } from '../../kernel/hash.ts'
import { dayOf, type Instant } from '../../kernel/instant.ts'
import { partAnswer, wholeAnswer } from '../../messaging/answer-parts.ts'
import { firstDayKept } from '../../messaging/idempotency.ts'
import { DUE_ROWS_MAX } from '../../messaging/partition.ts'
import type { Sql } from '../../messaging/sql.ts'

/** Large parts of answers, each once a day: a webhook's address may have changed when its answer is repeated. */
export const ANSWER_PARTS_TABLE = `
  CREATE TABLE answer_parts (
    day INTEGER NOT NULL,
    part_id INTEGER NOT NULL,
    part TEXT NOT NULL,
    PRIMARY KEY (day, part_id)
  ) WITHOUT ROWID`

type Kept = { rest: Record<string, unknown>; part: [day: number, partId: number] }

/** What is kept of an answer under its key. Its large part is kept as long as the key: it has the same day, or a later one. */
export const keepAnswer = (sql: Sql, answer: object, now: Instant): string => {
  const { rest, part } = partAnswer(answer)
  if (part === undefined) return JSON.stringify(rest)
  const day = dayOf(now)
  return JSON.stringify({ rest, part: [day, keepPart(sql, day, part)] } satisfies Kept)
}

/** The answer again. */
export const keptAnswer = <Answer>(sql: Sql, text: string | null): Answer => {
  const kept = JSON.parse(text ?? 'null') as Kept | Answer
  if (!isParted(kept)) return kept
  const [row] = sql<{ part: string }>(
    'SELECT part FROM answer_parts WHERE day = ? AND part_id = ?',
    ...kept.part,
  )
  if (row === undefined) throw new Error('Broken invariant: an answer has lost its part')
  return wholeAnswer(kept.rest, row.part) as Answer
}

/** A portion of those that no key refers to any longer. In a turn. */
export const forgetParts = (sql: Sql, now: Instant): void => {
  sql(
    `DELETE FROM answer_parts WHERE (day, part_id) IN
      (SELECT day, part_id FROM answer_parts WHERE day < ? ORDER BY day LIMIT ${DUE_ROWS_MAX})`,
    firstDayKept(now),
  )
}

/** No view of ours has a field of that name. */
const isParted = (kept: unknown): kept is Kept => typeof kept === 'object' && kept !== null && 'part' in kept

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
