import { forgetOldest } from '../../src/cloudflare/forget-oldest.ts'
import type { StockAlertsQuery } from '../../src/contracts/http/stock-alerts.ts'
import { type Page, type Position, toPage } from '../../src/contracts/paging.ts'
import type { StockAlertType } from '../../src/contracts/stock-alert.ts'
import { DAY_MS, type Instant, toTimestamp } from '../../src/kernel/instant.ts'
import type { StockAlert } from '../../src/operations/responder.ts'

/** A season of a shop. The ledger of a product has its movements for longer. */
const KEPT_MS = 90 * DAY_MS
/** Old alerts that each run of the cron trigger deletes: 72 000 a day. */
const FORGOTTEN_ON_TIME_MAX = 500

type StoredAlert = {
  event_id: string
  product_id: string
  type: StockAlertType
  available: number
  at: string
}

/** Stores alerts, each once. */
export const keepAlerts = async (database: D1Database, alerts: readonly StockAlert[]): Promise<void> => {
  const statement = database.prepare(
    'INSERT OR IGNORE INTO stock_alerts (event_id, product_id, type, available, at) VALUES (?, ?, ?, ?, ?)',
  )
  await database.batch(
    alerts.map(({ id, type, time, data }) => statement.bind(id, data.productId, type, data.available, time)),
  )
}

export type AlertFilter = Pick<StockAlertsQuery, 'productId' | 'type'>

/** Later than any alert, so that the first page is read like every other. */
const BEFORE_ALL: Position = ['9999', '']

/** The alerts that match all filters, newest first. */
export const findAlerts = async (database: D1Database, filter: AlertFilter, page: Page) => {
  const conditions = conditionsOf(filter)
  const where = [...conditions.map(([sql]) => sql), '(at, event_id) < (?, ?)'].join(' AND ')
  const { results } = await database
    .prepare(
      `SELECT * FROM stock_alerts INDEXED BY ${indexFor(filter)} WHERE ${where}
        ORDER BY at DESC, event_id DESC LIMIT ?`,
    )
    .bind(...conditions.map(([, binding]) => binding), ...(page.after ?? BEFORE_ALL), page.limit + 1)
    .all<StoredAlert>()
  return toPage(results, page, VIEW)
}

const conditionsOf = ({ productId, type }: AlertFilter): [sql: string, binding: string][] => [
  ...(productId === undefined ? [] : [['product_id = ?', productId] satisfies [string, string]]),
  ...(type === undefined ? [] : [['type = ?', type] satisfies [string, string]]),
]

/** The two types of a product take turns: with both filters, about every second row of its index matches. */
const indexFor = ({ productId, type }: AlertFilter): string => {
  if (productId !== undefined) return 'stock_alerts_by_product'
  return type === undefined ? 'stock_alerts_by_time' : 'stock_alerts_by_type'
}

const viewAlert = ({ event_id, product_id, type, available, at }: StoredAlert) => ({
  ...{ id: event_id, productId: product_id, type, available, at },
})

const VIEW = {
  item: viewAlert,
  position: ({ at, event_id }: StoredAlert): Position => [at, event_id],
}

/** Deletes alerts that are older than 90 days, oldest first, a portion at a time. */
export const forgetAlerts = async (database: D1Database, now: Instant): Promise<void> => {
  const table = { table: 'stock_alerts', key: 'event_id' }
  await forgetOldest(database, table, toTimestamp(now - KEPT_MS), FORGOTTEN_ON_TIME_MAX).run()
}
