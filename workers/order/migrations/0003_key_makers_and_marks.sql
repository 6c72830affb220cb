-- Which key made this one; none for keys that older code made.
ALTER TABLE api_keys ADD COLUMN created_by_key TEXT;
CREATE INDEX api_keys_by_maker ON api_keys (created_by_key) WHERE created_by_key IS NOT NULL;

-- Whether the key ends with a mark that tells it from an invented one. The others are listed by each isolate.
ALTER TABLE api_keys ADD COLUMN is_marked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX api_keys_unmarked ON api_keys (id) WHERE is_marked = 0;
