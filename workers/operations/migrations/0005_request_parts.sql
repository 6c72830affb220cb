-- Large parts of the answers in `requests`, such as an event, each once however many answers have it.
CREATE TABLE request_parts (
  digest TEXT PRIMARY KEY,
  part TEXT NOT NULL,
  at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX request_parts_by_time ON request_parts (at);
