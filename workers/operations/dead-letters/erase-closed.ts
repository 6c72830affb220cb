import { withoutTokens } from '../../../src/operations/erased-tokens.ts'
import { withContent } from './letter-content.ts'
import type { StoredLetter } from './letter-table.ts'

/** Letters that are read at once. With two events of 128 KB each they are 5 MB. */
const PORTION = 20

/** Erases the payment tokens of letters that older code has closed, in `portions` portions at most. */
export const eraseClosed = async (
  database: D1Database,
  { portions }: { portions: number },
): Promise<void> => {
  for (let nth = 0; nth < portions; nth += 1) {
    const { results } = await database
      .prepare(`SELECT * FROM dead_letters WHERE status <> 'open' AND erased_times IS NOT times LIMIT ?`)
      .bind(PORTION)
      .all<StoredLetter>()
    const letters = await Promise.all(results.map(withContent))
    if (letters.length > 0) await database.batch(letters.map((letter) => erase(database, letter)))
    if (letters.length < PORTION) return
  }
}

/** A letter that came again meanwhile has a higher `times`: the next portion erases its tokens. */
const erase = (database: D1Database, letter: StoredLetter): D1PreparedStatement =>
  database
    .prepare(
      `UPDATE dead_letters SET event = ?, first_event = ?, content = ?, source = ?, erased_times = times
        WHERE id = ? AND times = ? AND status <> 'open'`,
    )
    .bind(
      ...[withoutTokens(letter.event), letter.first_event && withoutTokens(letter.first_event)],
      ...[letter.content, letter.source, letter.id, letter.times],
    )
