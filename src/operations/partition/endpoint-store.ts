import type { Sql } from '../../messaging/sql.ts'
import { type Endpoint, HEALTHY } from '../endpoint.ts'

export type EndpointRow = {
  failures: number | null
  failing_since: number | null
  rests_until: number | null
  recovered_at: number | null
  last_status: number | null
  last_error: string | null
}

/** The columns of an address, in the order in which they are stored. */
export const ENDPOINT_COLUMNS = 'failures, failing_since, rests_until, recovered_at, last_status, last_error'

export const loadEndpoint = (sql: Sql, webhookId: string): Endpoint =>
  sql<EndpointRow>(`SELECT ${ENDPOINT_COLUMNS} FROM endpoints WHERE webhook_id = ?`, webhookId).map(
    toEndpoint,
  )[0] ?? HEALTHY

export const toEndpoint = (row: EndpointRow): Endpoint => ({
  failures: row.failures ?? 0,
  failingSince: row.failing_since,
  restsUntil: row.rests_until ?? 0,
  recoveredAt: row.recovered_at,
  lastStatus: row.last_status,
  lastError: row.last_error,
})

export const storeEndpoint = (sql: Sql, webhookId: string, endpoint: Endpoint): void => {
  const { failures, failingSince, restsUntil, recoveredAt, lastStatus, lastError } = endpoint
  sql(
    `INSERT OR REPLACE INTO endpoints (webhook_id, ${ENDPOINT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ...[webhookId, failures, failingSince, restsUntil, recoveredAt, lastStatus, lastError],
  )
}

/** Earlier failures say nothing about a new address, or about one that is enabled again. */
export const forgetEndpoint = (sql: Sql, webhookId: string): void => {
  sql('DELETE FROM endpoints WHERE webhook_id = ?', webhookId)
}
