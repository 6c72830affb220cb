import { type Caller, callerSchema } from '../../../../src/contracts/caller.ts'
import { type Page, toPage } from '../../../../src/contracts/paging.ts'
import { type Instant, toTimestamp } from '../../../../src/kernel/instant.ts'

/** A key as it is stored. */
export type ApiKey = Caller & { id: string; hash: string }

/** The audit entry of a change: its client, the id of that client's key, and the time. */
export type AuditEntry = { by: string; byKey: string | undefined; at: Instant }

/** A key as a list of related keys names it. */
export type KeyOfFamily = { id: string; client: string; createdBy: string | null }

type Row = {
  id: string
  hash: string
  client: string
  scopes: string
  bounds: string | null
  created_at: Instant
  created_by_key: string | null
  revoked_at: Instant | null
}

/** The key with this id. Undefined where there is none or it was revoked. */
export const readKey = async (database: D1Database, id: string): Promise<ApiKey | undefined> => {
  const row = await database
    .prepare('SELECT id, hash, client, scopes, bounds FROM api_keys WHERE id = ? AND revoked_at IS NULL')
    .bind(id)
    .first<Row>()
  return row === null ? undefined : { id: row.id, hash: row.hash, ...callerOf(row) }
}

/** The ids of good keys without a mark, newest first. */
export const readUnmarkedIds = async (database: D1Database, limit: number): Promise<string[]> => {
  const { results } = await database
    .prepare('SELECT id FROM api_keys WHERE is_marked = 0 AND revoked_at IS NULL ORDER BY id DESC LIMIT ?')
    .bind(limit)
    .all<{ id: string }>()
  return results.map(({ id }) => id)
}

/**
 * A revoked key makes no other key, also in the half minute for which an isolate may still accept it: then the statement
 * fails, because a key without a hash is not allowed.
 */
export const insertKey = (
  database: D1Database,
  { id, hash, client, scopes, bounds, isMarked }: ApiKey & { isMarked: boolean },
  { by, byKey, at }: AuditEntry,
): D1PreparedStatement =>
  database
    .prepare(
      `INSERT INTO api_keys (id, hash, client, scopes, is_marked, created_at, created_by, created_by_key, bounds)
        SELECT ?1, CASE WHEN EXISTS (SELECT 1 FROM api_keys WHERE id = ?8 AND revoked_at IS NOT NULL)
          THEN NULL ELSE ?2 END, ?3, ?4, ?5, ?6, ?7, ?8, ?9`,
    )
    .bind(
      id,
      hash,
      client,
      JSON.stringify(scopes),
      isMarked ? 1 : 0,
      at,
      by,
      byKey ?? null,
      bounds === undefined ? null : JSON.stringify(bounds),
    )

/** The revoked key. Undefined where there is none. The client that revoked it first stays stored. */
export const revokeKey = async (
  database: D1Database,
  id: string,
  { by, at }: AuditEntry,
): Promise<KeyOfFamily | undefined> => {
  const row = await database
    .prepare(
      `UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ?), revoked_by = COALESCE(revoked_by, ?)
        WHERE id = ? RETURNING id, client, created_by_key`,
    )
    .bind(at, by, id)
    .first<Row>()
  return row === null ? undefined : { id: row.id, client: row.client, createdBy: row.created_by_key }
}

/** Ids have digits and lower-case letters, which sort before this. */
const AFTER_ALL_IDS = '~'

/** Newest first, revoked ones too. An id begins with the time. */
export const findKeys = async (database: D1Database, page: Page) => {
  const [, before] = page.after ?? ['', AFTER_ALL_IDS]
  const { results } = await database
    .prepare(
      `SELECT id, client, scopes, bounds, created_at, created_by_key, revoked_at FROM api_keys
        WHERE id < ? ORDER BY id DESC LIMIT ?`,
    )
    .bind(before, page.limit + 1)
    .all<Row>()
  return toPage(results, page, {
    item: viewKey,
    position: (row) => [String(row.created_at), row.id],
  })
}

const viewKey = (row: Row) => ({
  id: row.id,
  ...callerOf(row),
  createdBy: row.created_by_key,
  createdAt: toTimestamp(row.created_at),
  ...(row.revoked_at !== null && { revokedAt: toTimestamp(row.revoked_at) }),
})

const callerOf = (row: Row): Caller =>
  callerSchema.parse({
    client: row.client,
    scopes: JSON.parse(row.scopes),
    ...(row.bounds !== null && { bounds: JSON.parse(row.bounds) }),
  })
