-- The payments as lists show them, with the client first in the key. So a client's own list needs no index beside it, and a
-- payment that settles as usual is one row. Lists of all clients merge the clients' own. Partitions fill this table when
-- they start with code that knows it. The table `payments` stays for Workers of an earlier release.
CREATE TABLE listed_payments (
  client TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  order_id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  view TEXT NOT NULL,
  PRIMARY KEY (client, created_at, order_id)
) WITHOUT ROWID;

-- Filters by state, which a payment that settles as usual never enters: it is listed once, with `captured`.
CREATE INDEX listed_by_status ON listed_payments (view ->> '$.status', created_at, order_id)
  WHERE view ->> '$.status' <> 'captured';
CREATE INDEX listed_by_stuck ON listed_payments (created_at, order_id) WHERE view ->> '$.stuck.code' IS NOT NULL;
