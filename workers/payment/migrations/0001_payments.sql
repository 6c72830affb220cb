-- The payments as lists show them. Truth is in the partitions: this can be written again from them.
CREATE TABLE payments (
  created_at INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  client TEXT,
  view TEXT NOT NULL,
  PRIMARY KEY (created_at, order_id)
) WITHOUT ROWID;
