import { z } from 'zod'
import { hash32 } from '../../kernel/hash.ts'
import { dayOf, type Instant } from '../../kernel/instant.ts'
import { firstDayKept } from '../../messaging/idempotency.ts'
import { DUE_ROWS_MAX } from '../../messaging/partition.ts'
import { isParted, keptResponse, partResponse, wholeResponse } from '../../messaging/response-parts.ts'
import type { Sql } from '../../messaging/sql.ts'
import { fromStored, marked, readStored, type StoredType, toStored } from '../../messaging/stored-document.ts'

/** Large parts of responses, each once a day: a webhook's address may have changed when its response is repeated. */
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

/** The view as it is stored under a key. Its large part is kept as long as the key: it has the same day, or a later one. */
export const toStoredView = <View extends object>(
  sql: Sql,
  { type, view }: { type: StoredType<View>; view: View },
  now: Instant,
): string => {
  const { rest, part } = partResponse(marked(type, view))
  if (part === undefined) return toStored(WEBHOOK_RESPONSE, rest)
  const day = dayOf(now)
  return toStored(WEBHOOK_RESPONSE, { rest, part: [day, keepPart(sql, day, part)] })
}

/** The view as it was. */
export const fromStoredView = <View>(sql: Sql, type: StoredType<View>, text: string | null): View => {
  const kept = readStored(WEBHOOK_RESPONSE, text ?? '{}')
  if (!isParted(kept)) return fromStored(type, kept)
  const [row] = sql<{ part: string }>(
    'SELECT part FROM answer_parts WHERE day = ? AND part_id = ?',
    ...kept.part,
  )
  if (row === undefined) throw new Error('Broken invariant: a stored response has lost its part')
  return fromStored(type, wholeResponse(kept.rest, row.part))
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
