-- A client's payments, newest first.
CREATE INDEX payments_by_client ON payments (client, created_at, order_id) WHERE client IS NOT NULL;

-- Payments without a client are shown to nobody, so they are not listed. Older code listed them.
DELETE FROM payments WHERE client IS NULL;
