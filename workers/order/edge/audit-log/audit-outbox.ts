import { type AuditEntry, auditEntrySchema } from '../../../../src/contracts/audit-entry.ts'
import { timeDigits } from '../../../../src/kernel/ids.ts'
import { type Instant, MINUTE_MS } from '../../../../src/kernel/instant.ts'
import { readStored, storedType, toStored } from '../../../../src/messaging/stored-document.ts'

/** Longer than any call runs. An entry that is here after this time has lost its call, or could not be forwarded. */
const LEFT_BEHIND_MS = 5 * MINUTE_MS
/** Entries of one run of the cron trigger. One call of the operations Worker takes as many. */
const FORWARDED_MAX = 50

/** Version 2 may name the person. Code of version 1 reads that too. */
export const AUDIT_ENTRY = storedType('audit entry', auditEntrySchema, [(entry) => entry], 1)

/** Hands entries to the operations Worker, which stores each once. */
export type Forward = (entries: readonly AuditEntry[]) => Promise<void>

/** Stores an entry before its action begins, or writes over it when the action has ended. */
export const storeEntry = async (database: D1Database, entry: AuditEntry): Promise<void> => {
  await database
    .prepare(
      `INSERT INTO audit_outbox (entry_id, entry) VALUES (?, ?)
        ON CONFLICT (entry_id) DO UPDATE SET entry = excluded.entry`,
    )
    .bind(entry.id, toStored(AUDIT_ENTRY, entry))
    .run()
}

/** The action did nothing, or its entry is in the log. */
export const dropEntries = async (database: D1Database, ids: readonly string[]): Promise<void> => {
  await database
    .prepare('DELETE FROM audit_outbox WHERE entry_id IN (SELECT value FROM json_each(?))')
    .bind(JSON.stringify(ids))
    .run()
}

/** For the cron trigger: forwards what is left behind. An entry whose call was lost says that its outcome is unknown. */
export const forwardLeftBehind = async (
  database: D1Database,
  forward: Forward,
  now: Instant,
): Promise<void> => {
  const { results } = await database
    .prepare(`SELECT entry FROM audit_outbox WHERE entry_id < ? ORDER BY entry_id LIMIT ${FORWARDED_MAX}`)
    .bind(timeDigits(now - LEFT_BEHIND_MS))
    .all<{ entry: string }>()
  if (results.length === 0) return
  const entries = results.map(({ entry }) => readStored(AUDIT_ENTRY, entry))
  await forward(entries)
  await dropEntries(
    database,
    entries.map(({ id }) => id),
  )
}
