-- One row for each event that a consumer could not handle, however often it came.
CREATE TABLE dead_letters (
  id TEXT PRIMARY KEY,
  consumer TEXT NOT NULL,
  reason TEXT NOT NULL,
  error TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  times INTEGER NOT NULL,
  event_id TEXT,
  order_id TEXT,
  event TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  status TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX dead_letters_by_time ON dead_letters (first_seen_at, id);

-- What people did about them: who, when, why.
CREATE TABLE audit (
  audit_id TEXT PRIMARY KEY,
  at TEXT NOT NULL,
  client TEXT NOT NULL,
  action TEXT NOT NULL,
  dead_letter_id TEXT NOT NULL,
  why TEXT
) WITHOUT ROWID;

-- Events whose retries ran out although their owner sends them again: counted, not kept.
CREATE TABLE exhausted (
  consumer TEXT NOT NULL,
  type TEXT NOT NULL,
  times INTEGER NOT NULL,
  last_seen_at TEXT NOT NULL,
  PRIMARY KEY (consumer, type)
) WITHOUT ROWID;

-- Products that ran out or came back.
CREATE TABLE stock_alerts (
  event_id TEXT PRIMARY KEY,
  product_id TEXT NOT NULL,
  type TEXT NOT NULL,
  available INTEGER NOT NULL,
  at TEXT NOT NULL
) WITHOUT ROWID;
