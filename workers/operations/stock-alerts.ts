import type { StockAlert } from '../../src/operations/responder.ts'

/** Stores alerts, each once. */
export const keepAlerts = async (database: D1Database, alerts: readonly StockAlert[]): Promise<void> => {
  const statement = database.prepare(
    'INSERT OR IGNORE INTO stock_alerts (event_id, product_id, type, available, at) VALUES (?, ?, ?, ?, ?)',
  )
  await database.batch(
    alerts.map(({ id, type, time, data }) => statement.bind(id, data.productId, type, data.available, time)),
  )
}
