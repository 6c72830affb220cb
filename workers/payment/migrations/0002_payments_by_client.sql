-- A client's payments, newest first.
CREATE INDEX payments_by_client ON payments (client, created_at, order_id) WHERE client IS NOT NULL;

-- No client sees a payment without a client, so it is not listed. Older code listed them.
DELETE FROM payments WHERE client IS NULL;
