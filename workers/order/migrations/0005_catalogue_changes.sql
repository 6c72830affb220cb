-- Numbers the changes of the catalogue, so that the copy in an isolate's memory can ask for what changed since its last
-- read. Products from before have 0 until they change. A trigger, so that Workers of every version number what they write.
ALTER TABLE catalogue ADD COLUMN change_number INTEGER NOT NULL DEFAULT 0;
CREATE INDEX catalogue_by_change ON catalogue (change_number) WHERE change_number > 0;
CREATE TRIGGER catalogue_product_added AFTER INSERT ON catalogue BEGIN UPDATE catalogue SET change_number = 1 + COALESCE((SELECT MAX(change_number) FROM catalogue WHERE change_number > 0), 0) WHERE product_id = NEW.product_id; END;
CREATE TRIGGER catalogue_product_changed AFTER UPDATE OF revision ON catalogue BEGIN UPDATE catalogue SET change_number = 1 + COALESCE((SELECT MAX(change_number) FROM catalogue WHERE change_number > 0), 0) WHERE product_id = NEW.product_id; END;
