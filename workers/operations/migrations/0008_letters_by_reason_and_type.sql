-- What operators group dead letters by. Letters are few: the rows cost little. SQLite cannot read JSON that is nested
-- deeper than 1 000 levels. Such an event has no type.
CREATE INDEX dead_letters_by_reason ON dead_letters (reason, first_seen_at, id);
CREATE INDEX dead_letters_by_type
  ON dead_letters (iif(json_valid(event), event ->> '$.type', NULL), first_seen_at, id);
