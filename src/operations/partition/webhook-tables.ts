import { KEYS_TABLE, OLD_KEYS_TABLE } from '../../messaging/idempotency.ts'
import { additive } from '../../messaging/schema.ts'
import { ANSWER_PARTS_TABLE } from './stored-response.ts'

/** The tables of the webhook partition. A deployed migration never changes; append a new one. */
export const WEBHOOK_TABLES = [
  `CREATE TABLE webhooks (
    webhook_id TEXT PRIMARY KEY,
    document TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE deliveries (
    webhook_id TEXT NOT NULL,
    delivery_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (webhook_id, delivery_id)
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX deliveries_by_event ON deliveries (webhook_id, event_id);
  CREATE INDEX deliveries_due ON deliveries (due_at);
  CREATE TABLE subscription (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL,
    types TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    sends INTEGER NOT NULL,
    due_at INTEGER
  );
  ${OLD_KEYS_TABLE}`,
  `CREATE INDEX webhooks_by_client ON webhooks (document ->> 'client', webhook_id)`,
  /** Due deliveries are searched webhook by webhook. The deliveries of older code say when an address last recovered. */
  `CREATE TABLE endpoints (
    webhook_id TEXT PRIMARY KEY,
    failures INTEGER NOT NULL,
    failing_since INTEGER,
    rests_until INTEGER NOT NULL,
    recovered_at INTEGER
  ) WITHOUT ROWID;
  INSERT INTO endpoints (webhook_id, failures, rests_until, recovered_at)
    SELECT webhook_id, 0, 0, max(document ->> 'lastTriedAt') FROM deliveries
      WHERE document ->> 'status' = 'delivered' GROUP BY webhook_id;
  CREATE TABLE removed_webhooks (webhook_id TEXT PRIMARY KEY) WITHOUT ROWID;
  DROP INDEX deliveries_due;
  CREATE INDEX deliveries_to_try ON deliveries (webhook_id, due_at) WHERE document ->> 'status' = 'pending';
  CREATE INDEX deliveries_to_forget ON deliveries (due_at) WHERE document ->> 'status' <> 'pending'`,
  `${KEYS_TABLE};
  ${ANSWER_PARTS_TABLE}`,
  /** A delivery that succeeds never enters this index. */
  additive(`ALTER TABLE endpoints ADD COLUMN last_status INTEGER;
  ALTER TABLE endpoints ADD COLUMN last_error TEXT;
  CREATE INDEX deliveries_failed ON deliveries (webhook_id, document ->> 'createdAt', delivery_id)
    WHERE document ->> 'status' = 'failed'`),
] as const
