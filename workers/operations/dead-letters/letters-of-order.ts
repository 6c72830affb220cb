import type { PartViews } from '../../../src/contracts/http/story.ts'
import { STORY_ITEMS_MAX } from '../../../src/contracts/order-story.ts'
import { CLOSING, type StoredLetter, viewLetter } from './letter-table.ts'

/** The dead letters about an order, newest first. */
export const findLettersOfOrder = async (
  database: D1Database,
  orderId: string,
): Promise<PartViews['deadLetters']> => {
  const { results } = await database
    .prepare(
      `SELECT *, ${CLOSING} FROM dead_letters WHERE order_id = ?
        ORDER BY first_seen_at DESC, id DESC LIMIT ${STORY_ITEMS_MAX}`,
    )
    .bind(orderId)
    .all<StoredLetter>()
  return results.map(viewLetter)
}

/** What operators did about those letters, newest first. */
export const findAuditOfOrder = async (
  database: D1Database,
  orderId: string,
): Promise<PartViews['audit']> => {
  const { results } = await database
    .prepare(
      `SELECT audit.* FROM dead_letters CROSS JOIN audit ON audit.dead_letter_id = dead_letters.id
        WHERE dead_letters.order_id = ? ORDER BY audit.audit_id DESC LIMIT ${STORY_ITEMS_MAX}`,
    )
    .bind(orderId)
    .all<StoredEntry>()
  return results.map((row) => ({
    id: row.audit_id,
    at: row.at,
    client: row.client,
    action: row.action,
    deadLetterId: row.dead_letter_id,
    ...(row.why !== null && { reason: row.why }),
  }))
}

type StoredEntry = {
  audit_id: string
  at: string
  client: string
  action: string
  dead_letter_id: string
  why: string | null
}
