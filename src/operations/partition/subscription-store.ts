import { z } from 'zod'
import type { Instant } from '../../kernel/instant.ts'
import type { Sql } from '../../messaging/sql.ts'
import { readStored, storedType, toStored } from '../../messaging/stored-document.ts'

export const SUBSCRIBED_TYPES = storedType('list of subscribed types', z.array(z.string()).readonly())

/** The facts that the order service announces. It is unacknowledged while `dueAt` is set. */
export type Subscription = {
  revision: number
  types: readonly string[]
  changedAt: Instant
  sends: number
  dueAt: Instant | null
}

const UNSUBSCRIBED: Subscription = { revision: 0, types: [], changedAt: 0, sends: 0, dueAt: null }

export const loadSubscription = (sql: Sql): Subscription => {
  const [row] = sql<{
    revision: number
    types: string
    changed_at: number
    sends: number
    due_at: number | null
  }>('SELECT revision, types, changed_at, sends, due_at FROM subscription')
  if (row === undefined) return UNSUBSCRIBED
  const { revision, types, changed_at: changedAt, sends, due_at: dueAt } = row
  return { revision, types: readStored(SUBSCRIBED_TYPES, types), changedAt, sends, dueAt }
}

export const storeSubscription = (sql: Sql, subscription: Subscription): void => {
  const { revision, types, changedAt, sends, dueAt } = subscription
  sql(
    `INSERT OR REPLACE INTO subscription (one, revision, types, changed_at, sends, due_at)
      VALUES (1, ?, ?, ?, ?, ?)`,
    ...[revision, toStored(SUBSCRIBED_TYPES, types), changedAt, sends, dueAt],
  )
}
