-- The orders as lists show them, with the client first in the key. So a client's own list needs no index beside it, and an
-- order that settles as usual is one row. Lists of all clients merge the clients' own. Partitions fill this table when
-- they start with code that knows it. The table `orders` stays for Workers of an earlier release.
CREATE TABLE listed_orders (
  client TEXT NOT NULL,
  placed_at INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  status TEXT NOT NULL,
  customer_id TEXT,
  reference TEXT,
  view TEXT NOT NULL,
  PRIMARY KEY (client, placed_at, order_id)
) WITHOUT ROWID;

-- For each filter one index for the callers of one client, and one for callers that see all clients.
CREATE INDEX listed_by_customer ON listed_orders (customer_id, placed_at, order_id)
  WHERE customer_id IS NOT NULL;
CREATE INDEX listed_by_client_and_customer ON listed_orders (client, customer_id, placed_at, order_id)
  WHERE customer_id IS NOT NULL;
CREATE INDEX listed_by_reference ON listed_orders (reference, placed_at, order_id) WHERE reference IS NOT NULL;
CREATE INDEX listed_by_client_and_reference ON listed_orders (client, reference, placed_at, order_id)
  WHERE reference IS NOT NULL;

-- An order that settles as usual is listed once, `confirmed`, `captured` and `committed`. It enters none of these.
CREATE INDEX listed_by_status ON listed_orders (status, placed_at, order_id) WHERE status <> 'confirmed';
CREATE INDEX listed_by_client_and_status ON listed_orders (client, status, placed_at, order_id)
  WHERE status <> 'confirmed';
CREATE INDEX listed_by_unsettled ON listed_orders (placed_at, order_id) WHERE view ->> '$.settledAt' IS NULL;
CREATE INDEX listed_by_client_and_unsettled ON listed_orders (client, placed_at, order_id)
  WHERE view ->> '$.settledAt' IS NULL;
CREATE INDEX listed_by_payment ON listed_orders (view ->> '$.payment.status', placed_at, order_id)
  WHERE view ->> '$.payment.status' <> 'captured';
CREATE INDEX listed_by_inventory ON listed_orders (view ->> '$.inventory.status', placed_at, order_id)
  WHERE view ->> '$.inventory.status' <> 'committed';
