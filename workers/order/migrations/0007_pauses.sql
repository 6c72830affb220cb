-- New orders that are refused: those with one of these products, or all of them, where the product is ''. Each read of the
-- catalogue brings these rows. Mostly there are none, so an order pays for none.
CREATE TABLE pauses (
  product_id TEXT PRIMARY KEY,
  reason TEXT NOT NULL,
  client TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
