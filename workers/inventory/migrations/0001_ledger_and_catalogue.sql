-- Every movement of stock, as lists show it. Truth is in the partitions: this can be written again from them.
CREATE TABLE movements (
  product_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  movement_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  order_id TEXT,
  reason TEXT,
  PRIMARY KEY (product_id, at, movement_id)
) WITHOUT ROWID;

CREATE TABLE products (
  product_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  name TEXT NOT NULL,
  unit_price_minor INTEGER NOT NULL,
  currency TEXT NOT NULL
) WITHOUT ROWID;
