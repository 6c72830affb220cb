import { z } from 'zod'
import { envelopeSchema } from '../../contracts/envelope.ts'
import { type DomainEvent, STORED_EVENT_TYPES } from '../../contracts/events.ts'
import type { Instant } from '../../kernel/instant.ts'
import { isOneOf, type Sql } from '../../messaging/sql.ts'
import { readStored, storedType, toStored } from '../../messaging/stored-document.ts'

/** An event that no order asks for. It is outstanding until it is listed, and acknowledged by its subscriber. */
export type Fact = {
  event: DomainEvent
  dueAt: Instant | null
  sends: number
  sentAt: Instant
  isListed: boolean
  /** Acknowledged. The column has this name. */
  isNoted: boolean
}

/**
 * Its envelope alone is this type's shape: an event says the version of its data itself, it is published as it was
 * stored, and its consumers upcast it.
 */
export const FACT_EVENT = storedType(
  'fact',
  z
    .object({ ...envelopeSchema.shape, type: z.enum(STORED_EVENT_TYPES) })
    .transform((event) => event as DomainEvent),
)

type StoredFact = {
  due_at: number | null
  sends: number
  sent_at: number
  is_listed: number
  is_noted: number
  event: string
}

export const storeFact = (sql: Sql, fact: Fact): void => {
  sql(
    `INSERT INTO facts (fact_id, due_at, sends, sent_at, is_listed, is_noted, event) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (fact_id) DO UPDATE SET
        due_at = excluded.due_at, sends = excluded.sends, sent_at = excluded.sent_at,
        is_listed = excluded.is_listed, is_noted = excluded.is_noted`,
    fact.event.id,
    fact.dueAt,
    fact.sends,
    fact.sentAt,
    Number(fact.isListed),
    Number(fact.isNoted),
    toStored(FACT_EVENT, fact.event),
  )
}

export const forgetFact = (sql: Sql, { event }: Fact): void => {
  sql('DELETE FROM facts WHERE fact_id = ?', event.id)
}

export const loadFacts = (sql: Sql, ids: readonly string[]): Fact[] => {
  const [condition, keys] = isOneOf('fact_id', ids)
  return sql<StoredFact>(`SELECT * FROM facts WHERE ${condition}`, keys).map(toFact)
}

export const loadDueFacts = (sql: Sql, now: Instant, limit: number): Fact[] =>
  sql<StoredFact>(`SELECT * FROM facts WHERE due_at <= ? ORDER BY due_at LIMIT ${limit}`, now).map(toFact)

const toFact = (row: StoredFact): Fact => ({
  event: readStored(FACT_EVENT, row.event),
  dueAt: row.due_at,
  sends: row.sends,
  sentAt: row.sent_at,
  isListed: row.is_listed === 1,
  isNoted: row.is_noted === 1,
})
