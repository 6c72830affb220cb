import type { Subscriber } from '../../../src/contracts/topology.ts'
import { keepsTokens } from '../../../src/operations/erased-tokens.ts'
import { isErrorOf, type LetterGroup, mergeGroups } from '../../../src/operations/letter-groups.ts'
import { withContent } from './letter-content.ts'
import { type DeadLetterStatus, EVENT_TYPE, type StoredLetter } from './letter-table.ts'

/** Open letters, by what they have in common. */
export type LetterSelection = {
  consumer?: Subscriber | undefined
  reason?: string | undefined
  /** The `type` of the event. */
  type?: string | undefined
  /** The error, or its pattern. */
  error?: string | undefined
  /** Only letters that were last seen before: one that came again since is left out. */
  seenBefore?: string | undefined
}

/** Letters are counted up to here: only their ids and errors are read. */
const COUNTED_MAX = 10_000

/** Of these the first ones are loaded that can be redriven. An open letter without its token is rare. */
const CANDIDATES_MAX = 1_000

/** The oldest open letters that match and have their payment tokens, and how many match in all. */
export const selectGroup = async (
  database: D1Database,
  selection: LetterSelection,
  limit: number,
): Promise<{ letters: StoredLetter[]; matching: number }> => {
  const ids = await matchingIds(database, selection)
  const { results } = await database
    .prepare(
      // The plus keeps SQLite from walking all open letters instead.
      `SELECT * FROM dead_letters
        WHERE id IN (SELECT value FROM json_each(?)) AND +status = 'open' AND ${keepsTokens('event')}
        ORDER BY first_seen_at, id LIMIT ?`,
    )
    .bind(JSON.stringify(ids.slice(0, CANDIDATES_MAX)), limit)
    .all<StoredLetter>()
  return { letters: await Promise.all(results.map(withContent)), matching: ids.length }
}

const matchingIds = async (
  database: D1Database,
  { consumer, reason, type, error, seenBefore }: LetterSelection,
): Promise<string[]> => {
  const conditions = [
    ...equals('consumer', consumer),
    ...equals('reason', reason),
    ...equals(EVENT_TYPE, type),
    ...(seenBefore === undefined ? [] : [{ sql: 'last_seen_at < ?', binding: seenBefore }]),
  ]
  const { results } = await database
    .prepare(
      `SELECT id, error FROM dead_letters ${indexFor({ reason, type })}
        WHERE ${["status = 'open'", ...conditions.map(({ sql }) => sql)].join(' AND ')}
        ORDER BY first_seen_at, id LIMIT ?`,
    )
    .bind(...conditions.map(({ binding }) => binding), COUNTED_MAX)
    .all<{ id: string; error: string }>()
  return results.filter((row) => error === undefined || isErrorOf(error, row.error)).map(({ id }) => id)
}

const equals = (expression: string, value: string | undefined) =>
  value === undefined ? [] : [{ sql: `${expression} = ?`, binding: value }]

/** Without either, SQLite takes the index of the status, with the consumer where there is one. */
const indexFor = ({ reason, type }: Pick<LetterSelection, 'reason' | 'type'>): string => {
  if (type !== undefined) return 'INDEXED BY dead_letters_by_type'
  return reason === undefined ? '' : 'INDEXED BY dead_letters_by_reason'
}

type GroupRow = {
  consumer: Subscriber
  reason: string
  error: string
  letters: number
  first_seen_at: string
  last_seen_at: string
  sample_id: string
}

/** A page shows no more. */
const GROUPS_MAX = 100

/** The newest letters with this status by queue, reason and error, the largest group first. */
export const findGroups = async (
  database: D1Database,
  { consumer, status }: { consumer: Subscriber | undefined; status: DeadLetterStatus },
): Promise<{ groups: LetterGroup[]; hasMore: boolean }> => {
  const { results } = await database
    .prepare(
      `SELECT consumer, reason, error, count(*) AS letters, min(first_seen_at) AS first_seen_at,
          max(last_seen_at) AS last_seen_at, max(id) AS sample_id
        FROM (SELECT id, consumer, reason, error, first_seen_at, last_seen_at FROM dead_letters
          WHERE status = ? ${consumer === undefined ? '' : 'AND consumer = ?'}
          ORDER BY first_seen_at DESC, id DESC LIMIT ${COUNTED_MAX})
        GROUP BY consumer, reason, error`,
    )
    .bind(...[status, ...(consumer === undefined ? [] : [consumer])])
    .all<GroupRow>()
  const groups = mergeGroups(results.map(toGroup))
  const counted = results.reduce((sum, { letters }) => sum + letters, 0)
  return {
    groups: groups.slice(0, GROUPS_MAX),
    hasMore: counted === COUNTED_MAX || groups.length > GROUPS_MAX,
  }
}

const toGroup = (row: GroupRow): LetterGroup => ({
  consumer: row.consumer,
  reason: row.reason,
  error: row.error,
  letters: row.letters,
  firstSeenAt: row.first_seen_at,
  lastSeenAt: row.last_seen_at,
  sampleId: row.sample_id,
})
