-- The table had one kind of entry: what was done about a dead letter. `dead_letter_id` is now the id of any subject.
ALTER TABLE audit ADD COLUMN kind TEXT NOT NULL DEFAULT 'dead_letter';
ALTER TABLE audit ADD COLUMN key_id TEXT;
ALTER TABLE audit ADD COLUMN outcome TEXT NOT NULL DEFAULT 'done';
ALTER TABLE audit ADD COLUMN was TEXT;
ALTER TABLE audit ADD COLUMN became TEXT;

-- An id begins with its time: each index ends in the order of the list.
CREATE INDEX audit_by_kind ON audit (kind, audit_id);
CREATE INDEX audit_by_client ON audit (client, audit_id);
CREATE INDEX audit_by_key ON audit (key_id, audit_id) WHERE key_id IS NOT NULL;
