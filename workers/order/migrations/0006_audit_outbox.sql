-- Entries of the audit log on their way to the operations Worker. An entry is here before its action begins.
CREATE TABLE audit_outbox (entry_id TEXT PRIMARY KEY, entry TEXT NOT NULL) WITHOUT ROWID;
