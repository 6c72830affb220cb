-- What the list of stock alerts can be filtered by, in the list's order. An alert is written when a product runs out or
-- is available again, which is rare: the rows cost little. Old alerts are deleted by time.
CREATE INDEX stock_alerts_by_time ON stock_alerts (at, event_id);
CREATE INDEX stock_alerts_by_product ON stock_alerts (product_id, at, event_id);
CREATE INDEX stock_alerts_by_type ON stock_alerts (type, at, event_id);
