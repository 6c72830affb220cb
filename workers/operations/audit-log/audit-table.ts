import type { AuditDetails, AuditEntry, AuditKind } from '../../../src/contracts/audit-entry.ts'

export type StoredEntry = {
  audit_id: string
  at: string
  client: string
  key_id: string | null
  person: string | null
  kind: AuditKind
  action: string
  /** The id of the subject. The first entries were all about dead letters. */
  dead_letter_id: string
  why: string | null
  outcome: AuditEntry['outcome']
  was: string | null
  became: string | null
}

/** Stores an entry once. Only an entry that was stored while its outcome was unknown is written over. */
export const insertEntry = (database: D1Database, entry: AuditEntry): D1PreparedStatement =>
  database
    .prepare(
      `INSERT INTO audit
          (audit_id, at, client, key_id, person, kind, action, dead_letter_id, why, outcome, was, became)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (audit_id) DO UPDATE SET dead_letter_id = excluded.dead_letter_id,
            outcome = excluded.outcome, was = excluded.was, became = excluded.became
          WHERE audit.outcome = 'unknown'`,
    )
    .bind(
      ...[entry.id, entry.at, entry.client, entry.keyId ?? null, entry.person ?? null],
      ...[entry.kind, entry.action, entry.subject, entry.reason ?? null],
      ...[entry.outcome, toText(entry.before), toText(entry.after)],
    )

const toText = (details: AuditDetails | undefined): string | null =>
  details === undefined ? null : JSON.stringify(details)

export const viewEntry = (row: StoredEntry) => ({
  id: row.audit_id,
  at: row.at,
  kind: row.kind,
  action: row.action,
  subject: row.dead_letter_id,
  actor: {
    client: row.client,
    ...(row.key_id !== null && { keyId: row.key_id }),
    ...(row.person !== null && { person: row.person }),
  },
  ...(row.why !== null && { reason: row.why }),
  outcome: row.outcome,
  ...(row.was !== null && { before: JSON.parse(row.was) as AuditDetails }),
  ...(row.became !== null && { after: JSON.parse(row.became) as AuditDetails }),
})
