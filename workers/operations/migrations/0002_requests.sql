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
