/**
 * For a migration. `departures`: portions of orders that have left or are about to, of which one row stays for ever.
 * `marks`: external orders that have left. `departed`: how far all that goes, in one row.
 */
export const DEPARTURE_TABLES = `
  CREATE TABLE departures (
    portion INTEGER PRIMARY KEY,
    day INTEGER,
    first_id TEXT NOT NULL,
    last_id TEXT NOT NULL,
    due_at INTEGER,
    document TEXT
  );
  CREATE INDEX departures_due ON departures (due_at) WHERE due_at IS NOT NULL;
  CREATE INDEX departures_by_day ON departures (day, last_id) WHERE day IS NOT NULL;
  CREATE TABLE marks (
    order_id TEXT PRIMARY KEY,
    external_id TEXT NOT NULL,
    client TEXT NOT NULL,
    portion INTEGER NOT NULL,
    content TEXT NOT NULL,
    currency TEXT NOT NULL,
    is_currency_implied INTEGER NOT NULL,
    token_hash TEXT
  ) WITHOUT ROWID;
  CREATE INDEX marks_by_external_id ON marks (external_id);
  CREATE TABLE departed (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    orders INTEGER NOT NULL,
    before INTEGER NOT NULL,
    last_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    left_at INTEGER NOT NULL
  )`
