import type { AuditEntry, KeyOfFamily } from './key-list.ts'

type Row = { id: string; client: string; created_by_key: string | null }

/** The key, the keys that it made, those that they made, and so on. No key makes its own maker, so the recursion ends. */
const FAMILY = `WITH RECURSIVE family (id) AS (
  SELECT id FROM api_keys WHERE id = ?1
  UNION SELECT api_keys.id FROM api_keys JOIN family ON api_keys.created_by_key = family.id)`

/** In one statement, so that no child is made meanwhile. The result has keys that were revoked before too. */
export const revokeFamily = async (
  database: D1Database,
  id: string,
  { by, at }: AuditEntry,
): Promise<KeyOfFamily[]> => {
  const { results } = await database
    .prepare(
      `${FAMILY} UPDATE api_keys SET revoked_at = COALESCE(revoked_at, ?2), revoked_by = COALESCE(revoked_by, ?3)
        WHERE id IN (SELECT id FROM family) RETURNING id, client, created_by_key`,
    )
    .bind(id, at, by)
    .all<Row>()
  return results.map(toMember).toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

/** The ids of the key and of all that descend from it, revoked ones too. */
export const readFamilyIds = async (database: D1Database, id: string): Promise<string[]> => {
  const { results } = await database.prepare(`${FAMILY} SELECT id FROM family`).bind(id).all<{ id: string }>()
  return results.map((row) => row.id)
}

/**
 * Good keys that outlive this one: its descendants, and keys for which older code stored only the client of their maker,
 * where that is this key's client and may have made keys.
 */
export const readSurvivors = async (
  database: D1Database,
  id: string,
  limit: number,
): Promise<KeyOfFamily[]> => {
  const { results } = await database
    .prepare(
      `${FAMILY} SELECT id, client, created_by_key FROM api_keys WHERE revoked_at IS NULL AND id <> ?1 AND (
          id IN (SELECT id FROM family)
          OR created_by_key IS NULL AND created_by = (
            SELECT client FROM api_keys WHERE id = ?1 AND scopes LIKE '%"operations"%'))
        ORDER BY id LIMIT ?2`,
    )
    .bind(id, limit)
    .all<Row>()
  return results.map(toMember)
}

const toMember = ({ id, client, created_by_key: createdBy }: Row): KeyOfFamily => ({ id, client, createdBy })
