-- Filters by state. An order that settles as usual is listed once, settled, with `captured` and `committed`: it enters none
-- of these indexes. Callers of one client read their own orders by time, where no index here begins with the client.
CREATE INDEX orders_by_unsettled ON orders (placed_at, order_id) WHERE view ->> '$.settledAt' IS NULL;
CREATE INDEX orders_by_client_and_unsettled ON orders (client, placed_at, order_id)
  WHERE view ->> '$.settledAt' IS NULL;
CREATE INDEX orders_by_payment ON orders (view ->> '$.payment.status', placed_at, order_id)
  WHERE view ->> '$.payment.status' <> 'captured';
CREATE INDEX orders_by_inventory ON orders (view ->> '$.inventory.status', placed_at, order_id)
  WHERE view ->> '$.inventory.status' <> 'committed';
