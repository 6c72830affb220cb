CREATE TABLE payments (
  order_id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, status TEXT NOT NULL, amount REAL NOT NULL, token TEXT NOT NULL
);
CREATE INDEX payments_newest ON payments (created_at);
