-- Filters by state. A payment that settles as usual is listed once, with `captured`: it enters neither of these indexes.
-- Callers of one client read their own payments by time.
CREATE INDEX payments_by_status ON payments (view ->> '$.status', created_at, order_id)
  WHERE view ->> '$.status' <> 'captured';
CREATE INDEX payments_by_stuck ON payments (created_at, order_id) WHERE view ->> '$.stuck.code' IS NOT NULL;
