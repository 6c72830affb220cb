-- The orders as lists show them, in a database that no order needs in order to be accepted. Truth is in the
-- partitions: their alarms fill this table, and fill it again after `npm run ops -- rebuild orders`.
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

-- For each filter one index for the callers of one client, and one for callers that see all clients.
CREATE INDEX orders_by_client ON orders (client, placed_at, order_id);
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at, order_id) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_by_client_and_customer ON orders (client, customer_id, placed_at, order_id)
  WHERE customer_id IS NOT NULL;
CREATE INDEX orders_by_reference ON orders (reference, placed_at, order_id) WHERE reference IS NOT NULL;
CREATE INDEX orders_by_client_and_reference ON orders (client, reference, placed_at, order_id)
  WHERE reference IS NOT NULL;

-- Nearly every order ends in `confirmed`: those are read by time, and cost no row here.
CREATE INDEX orders_by_status ON orders (status, placed_at, order_id) WHERE status <> 'confirmed';
CREATE INDEX orders_by_client_and_status ON orders (client, status, placed_at, order_id)
  WHERE status <> 'confirmed';
