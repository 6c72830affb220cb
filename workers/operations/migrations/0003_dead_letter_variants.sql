-- The identity of an event is its source and its id together. A letter whose row was made before this migration keeps
-- its id, and gets source and content when its event comes again.
ALTER TABLE dead_letters ADD COLUMN source TEXT;

-- A digest of what the event says: two events of one identity that differ in it are two variants.
ALTER TABLE dead_letters ADD COLUMN content TEXT;

-- The variant that came first, where the newest one, which is in `event`, says something else.
ALTER TABLE dead_letters ADD COLUMN first_event TEXT;
ALTER TABLE dead_letters ADD COLUMN first_content TEXT;
ALTER TABLE dead_letters ADD COLUMN first_reason TEXT;
ALTER TABLE dead_letters ADD COLUMN first_error TEXT;

-- When another variant came after the letter was discarded.
ALTER TABLE dead_letters ADD COLUMN reopened_at TEXT;
