CREATE TABLE orders (order_id TEXT PRIMARY KEY, placed_at INTEGER NOT NULL, status TEXT NOT NULL, view TEXT NOT NULL);
CREATE INDEX orders_newest ON orders (placed_at);
CREATE TABLE products (product_id TEXT PRIMARY KEY, unit_price REAL NOT NULL);
