-- API keys. Not a read model: this is where they are kept. Of the key itself there is only a hash.
CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  client TEXT NOT NULL,
  scopes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  revoked_at INTEGER,
  revoked_by TEXT
) WITHOUT ROWID;

-- Answers to repeat under an idempotency key; with status 0 a request that is still being handled.
CREATE TABLE requests (
  request_key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  holder TEXT NOT NULL,
  status INTEGER NOT NULL,
  body TEXT,
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX requests_by_time ON requests (at);
