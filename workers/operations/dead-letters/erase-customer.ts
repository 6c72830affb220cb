import type { LetterErasure, LetterErasureRequest } from '../../../src/contracts/customer-erasure.ts'
import { withoutCustomer } from '../../../src/operations/erased-customer.ts'
import { withContent } from './letter-content.ts'
import type { StoredLetter } from './letter-table.ts'

/** Letters whose text one portion searches. With two events of 128 KB each they are 50 MB at most, mostly 1 MB. */
const SEARCHED_MAX = 200
/** Letters that one portion changes at most. */
const PORTION = 20

/**
 * Erases what dead letters say about a customer, in the next portion of all letters. Their digests stay, so variants of an
 * event can still be told apart. A letter that came again meanwhile ends the portion: the next one begins with it.
 */
export const eraseFromLetters = async (
  database: D1Database,
  { customer, after, isDryRun }: LetterErasureRequest,
): Promise<LetterErasure> => {
  const { suspects, last } = await findSuspects(database, customer.customerId, after)
  let erased = 0
  for (const letter of suspects) {
    const [event, first] = [letter.event, letter.first_event].map(
      (text) => text && withoutCustomer(text, customer),
    )
    if (event === letter.event && first === letter.first_event) continue
    const isStored = isDryRun || (await store(database, letter, { event, first }))
    if (!isStored) return { erased, next: beforeOf(suspects, letter) ?? after }
    erased += 1
  }
  return { erased, ...(last !== undefined && { next: last }) }
}

const beforeOf = (letters: readonly StoredLetter[], letter: StoredLetter): string | undefined =>
  letters[letters.indexOf(letter) - 1]?.id

/** The letters that have the customer's id anywhere in their text, and the id after which the search goes on. */
const findSuspects = async (database: D1Database, customerId: string, after: string) => {
  const searched = await database
    .prepare(
      `SELECT id, instr(event, ?1) > 0 OR instr(coalesce(first_event, ''), ?1) > 0 AS is_suspect
        FROM dead_letters WHERE id > ?2 ORDER BY id LIMIT ${SEARCHED_MAX}`,
    )
    .bind(inJson(customerId), after)
    .all<{ id: string; is_suspect: number }>()
  const found = searched.results.filter((row) => row.is_suspect === 1).map(({ id }) => id)
  const ids = found.slice(0, PORTION)
  const { results } = await database
    .prepare('SELECT * FROM dead_letters WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id')
    .bind(JSON.stringify(ids))
    .all<StoredLetter>()
  const end = searched.results.length < SEARCHED_MAX ? undefined : searched.results.at(-1)?.id
  return {
    suspects: await Promise.all(results.map(withContent)),
    last: ids.length < found.length ? ids.at(-1) : end,
  }
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** False where the letter changed since it was read. */
const store = async (
  database: D1Database,
  letter: StoredLetter,
  { event, first }: { event: string | null | undefined; first: string | null | undefined },
): Promise<boolean> => {
  const { results } = await database
    .prepare(
      `UPDATE dead_letters SET event = ?, first_event = ?, content = ?, source = ?
        WHERE id = ? AND times = ? AND event = ? RETURNING id`,
    )
    .bind(
      ...[event ?? letter.event, first ?? null, letter.content, letter.source],
      ...[letter.id, letter.times, letter.event],
    )
    .all()
  return results.length === 1
}
