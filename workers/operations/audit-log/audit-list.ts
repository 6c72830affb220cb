import type { AuditLogQuery } from '../../../src/contracts/http/audit-log.ts'
import { type Page, type Position, toPage } from '../../../src/contracts/paging.ts'
import { timeDigits } from '../../../src/kernel/ids.ts'
import { fromTimestamp } from '../../../src/kernel/instant.ts'
import { type StoredEntry, viewEntry } from './audit-table.ts'

export type AuditFilter = Pick<
  AuditLogQuery,
  'kind' | 'action' | 'client' | 'keyId' | 'person' | 'subject' | 'since' | 'until'
>

/**
 * Rows that one page may walk where no index covers its filters. A page that finds too few entries in them is shorter
 * than its limit, and its cursor continues after the last row that was walked.
 */
const WALKED_ROWS_MAX = 1_000

/** Ids have digits and lower-case letters, which sort before this. */
const AFTER_ALL_IDS = '~'

/** The entries that match all filters, newest first. */
export const findEntries = async (database: D1Database, filter: AuditFilter, page: Page) => {
  const walk = walkOf(filter)
  const rowsMax = walk.rest.length === 0 ? page.limit + 1 : WALKED_ROWS_MAX
  const walked = await walkEntries(database, walk, idsOf(filter, page), rowsMax)
  const matching = walked.filter((row) => row.is_match === 1)
  const last = walk.rest.length > 0 && walked.length === rowsMax ? walked.at(-1) : undefined
  const goesOn = last !== undefined && { goesOnAfter: positionOf(last) }
  return toPage(matching.slice(0, page.limit + 1), { ...page, ...goesOn }, VIEW)
}

const positionOf = ({ audit_id }: StoredEntry): Position => [audit_id, '']

const VIEW = { item: viewEntry, position: positionOf }

type Condition = [sql: string, binding: string]

/** Rows in the order of an index. The index covers `conditions`; `rest` is checked on each row. */
type Walk = { index: string; conditions: Condition[]; rest: Condition[] }

/** The index that excludes most rows. */
const walkOf = ({ subject, keyId, person, client, kind, action }: AuditFilter): Walk => {
  const [chosen, ...others] = [
    ...indexed('audit_by_letter', 'dead_letter_id', subject),
    ...indexed('audit_by_key', 'key_id', keyId),
    ...indexed('audit_by_person', 'person', person),
    ...indexed('audit_by_client', 'client', client),
    ...indexed('audit_by_kind', 'kind', kind),
  ]
  const rest = [...others.map(({ condition }) => condition), ...equals('action', action)]
  return chosen === undefined
    ? { index: 'NOT INDEXED', conditions: [], rest }
    : { index: `INDEXED BY ${chosen.index}`, conditions: [chosen.condition], rest }
}

const indexed = (index: string, column: string, value: string | undefined) =>
  equals(column, value).map((condition) => ({ index, condition }))

const equals = (column: string, value: string | undefined): Condition[] =>
  value === undefined ? [] : [[`${column} = ?`, value]]

/** An id begins with its time. */
const idsOf = ({ since, until }: AuditFilter, { after }: Page) => {
  const before = until === undefined ? AFTER_ALL_IDS : timeDigits(fromTimestamp(until))
  const last = after?.[0] ?? AFTER_ALL_IDS
  return {
    from: since === undefined ? '' : timeDigits(fromTimestamp(since)),
    before: last < before ? last : before,
  }
}

type WalkedRow = StoredEntry & { is_match: 0 | 1 }

const walkEntries = async (
  database: D1Database,
  { index, conditions, rest }: Walk,
  { from, before }: { from: string; before: string },
  rowsMax: number,
): Promise<WalkedRow[]> => {
  const isMatch = rest.length === 0 ? '1' : `iif(${all(rest)}, 1, 0)`
  const where = all([...conditions, ['audit_id >= ?', from], ['audit_id < ?', before]])
  const { results } = await database
    .prepare(
      `SELECT *, ${isMatch} AS is_match FROM audit ${index} WHERE ${where} ORDER BY audit_id DESC LIMIT ?`,
    )
    .bind(...bindingsOf(rest), ...bindingsOf(conditions), from, before, rowsMax)
    .all<WalkedRow>()
  return results
}

const all = (conditions: readonly Condition[]): string => conditions.map(([sql]) => sql).join(' AND ')

const bindingsOf = (conditions: readonly Condition[]): string[] => conditions.map(([, binding]) => binding)
