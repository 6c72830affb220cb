import { type Page, type Position, toPage } from '../../../src/contracts/paging.ts'
import type { Subscriber } from '../../../src/contracts/topology.ts'
import { CLOSING, type DeadLetterStatus, EVENT_TYPE, type StoredLetter, viewLetter } from './letter-table.ts'

export type LetterFilter = {
  consumer?: Subscriber | undefined
  status?: DeadLetterStatus | undefined
  reason?: string | undefined
  /** The `type` of the event. */
  type?: string | undefined
}

/**
 * Rows that one page may walk where no index covers its filters. A page that finds too few letters in them is shorter
 * than its limit, and its cursor continues after the last row that was walked.
 */
const WALKED_ROWS_MAX = 1_000

/** Later than any letter, so that the first page is read like every other. */
const BEFORE_ALL: Position = ['9999', '']

/** The letters that match all filters, newest first. */
export const findLetters = async (database: D1Database, filter: LetterFilter, page: Page) => {
  const walk = walkOf(filter)
  return walk.rest.length === 0
    ? toPage(await readLetters(database, walk, page), page, VIEW)
    : await findByWalking(database, walk, page)
}

/** A letter that is closed between the two reads is shown with its new status. */
const findByWalking = async (database: D1Database, walk: Walk, page: Page) => {
  const walked = await walkLetters(database, walk, page)
  const matching = walked.filter((row) => row.is_match === 1).slice(0, page.limit + 1)
  const letters = await loadLetters(
    database,
    matching.map(({ id }) => id),
  )
  const last = walked.length === WALKED_ROWS_MAX ? walked.at(-1) : undefined
  return toPage(letters, { ...page, ...(last !== undefined && { goesOnAfter: positionOf(last) }) }, VIEW)
}

const positionOf = (row: { first_seen_at: string; id: string }): Position => [row.first_seen_at, row.id]

const VIEW = { item: viewLetter, position: positionOf }

type Condition = [sql: string, binding: string]

/** Rows in the order of an index. The index covers `conditions`; `rest` is checked on each row. */
type Walk = { index: string; conditions: Condition[]; rest: Condition[] }

/** The index that covers most filters. Each index ends in the time, which is the list's order. */
const walkOf = ({ consumer, status, reason, type }: LetterFilter): Walk => {
  const common = [...equals('consumer', consumer), ...equals('status', status)]
  const byReason = equals('reason', reason)
  if (type !== undefined) {
    const rest = [...byReason, ...common]
    return { index: 'INDEXED BY dead_letters_by_type', conditions: equals(EVENT_TYPE, type), rest }
  }
  if (reason !== undefined) {
    return { index: 'INDEXED BY dead_letters_by_reason', conditions: byReason, rest: common }
  }
  return { index: '', conditions: common, rest: [] }
}

const equals = (expression: string, value: string | undefined): Condition[] =>
  value === undefined ? [] : [[`${expression} = ?`, value]]

const all = (conditions: readonly Condition[]): string => conditions.map(([sql]) => sql).join(' AND ')

const bindingsOf = (conditions: readonly Condition[]): string[] => conditions.map(([, binding]) => binding)

/** The condition of the page, after those of the walk. */
const pageOf = ({ index, conditions }: Walk, { after = BEFORE_ALL }: Page) => ({
  from: `FROM dead_letters ${index}
    WHERE ${[...conditions.map(([sql]) => sql), '(first_seen_at, id) < (?, ?)'].join(' AND ')}
    ORDER BY first_seen_at DESC, id DESC LIMIT ?`,
  bindings: [...bindingsOf(conditions), ...after],
})

const readLetters = async (database: D1Database, walk: Walk, page: Page): Promise<StoredLetter[]> => {
  const { from, bindings } = pageOf(walk, page)
  const { results } = await database
    .prepare(`SELECT *, ${CLOSING} ${from}`)
    .bind(...bindings, page.limit + 1)
    .all<StoredLetter>()
  return results
}

type WalkedRow = { first_seen_at: string; id: string; is_match: 0 | 1 }

/** Without the events, which may be large. */
const walkLetters = async (database: D1Database, walk: Walk, page: Page): Promise<WalkedRow[]> => {
  const { from, bindings } = pageOf(walk, page)
  const { results } = await database
    .prepare(`SELECT first_seen_at, id, iif(${all(walk.rest)}, 1, 0) AS is_match ${from}`)
    .bind(...bindingsOf(walk.rest), ...bindings, WALKED_ROWS_MAX)
    .all<WalkedRow>()
  return results
}

/** With who closed each of them, newest first. */
export const loadLetters = async (database: D1Database, ids: readonly string[]): Promise<StoredLetter[]> => {
  const { results } = await database
    .prepare(
      `SELECT *, ${CLOSING} FROM dead_letters NOT INDEXED WHERE id IN (SELECT value FROM json_each(?))
        ORDER BY first_seen_at DESC, id DESC`,
    )
    .bind(JSON.stringify(ids))
    .all<StoredLetter>()
  return results
}
