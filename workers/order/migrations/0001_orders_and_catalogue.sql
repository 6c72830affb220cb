-- The orders as lists show them. Truth is in the partitions: this can be written again from them.
CREATE TABLE orders (
  placed_at INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  client TEXT NOT NULL,
  status TEXT NOT NULL,
  customer_id TEXT,
  reference TEXT,
  view TEXT NOT NULL,
  PRIMARY KEY (placed_at, order_id)
) WITHOUT ROWID;
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_by_reference ON orders (reference, placed_at) WHERE reference IS NOT NULL;

-- What the order service knows of products, fed by ProductChanged. It prices orders.
CREATE TABLE catalogue (
  product_id TEXT PRIMARY KEY,
  revision INTEGER NOT NULL,
  unit_price_minor INTEGER NOT NULL,
  currency TEXT NOT NULL
) WITHOUT ROWID;
