-- What an order's story shows: its dead letters, and what operators did about them. Only letters and operators' calls
-- write these rows.
CREATE INDEX dead_letters_by_order ON dead_letters (order_id, first_seen_at, id) WHERE order_id IS NOT NULL;
CREATE INDEX audit_by_letter ON audit (dead_letter_id, audit_id);
