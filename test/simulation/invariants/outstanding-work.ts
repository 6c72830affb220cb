import type { System } from '../system/system.ts'
import type { Violated } from './violated.ts'

/** No partition has work left, apart from payments that the bank refused to return for good. */
export const checkOutstandingWork = (
  system: System,
  excused: ReadonlySet<string>,
  violated: Violated,
): void => {
  const due = (sql: System['readModels']['order']['sql'], table: string, id: string) =>
    sql<{ id: string; due_at: number }>(`SELECT ${id} AS id, due_at FROM ${table} WHERE due_at IS NOT NULL`)
      .map((row) => row.id)
      .filter((each) => !excused.has(each))
  for (const { name, sql } of system.orders.values()) report(name, due(sql, 'orders', 'order_id'), violated)
  for (const { name, sql } of system.payments.values())
    report(name, due(sql, 'payments', 'order_id'), violated)
  for (const { name, sql } of system.stock.values()) {
    report(name, due(sql, 'holds', 'order_id'), violated)
    report(name, due(sql, 'adjustments', 'adjustment_id'), violated)
    report(name, due(sql, 'facts', 'fact_id'), violated)
    const unacknowledged = sql<{ fact_id: string }>(
      "SELECT fact_id FROM facts WHERE is_noted = 0 AND fact_id LIKE '%/ProductChanged/%'",
    )
    report(
      name,
      unacknowledged.map((row) => row.fact_id),
      violated,
    )
  }
  const { name, sql } = system.webhooks
  report(name, due(sql, 'subscription', 'revision'), violated)
  report(name, pendingDeliveries(sql), violated)
}

const pendingDeliveries = (sql: System['readModels']['order']['sql']): string[] =>
  sql<{ event_id: string }>("SELECT event_id FROM deliveries WHERE document ->> 'status' = 'pending'").map(
    (row) => row.event_id,
  )

const report = (name: string, ids: readonly string[], violated: Violated): void => {
  if (ids.length > 0)
    violated('no work is outstanding at rest', `${name} has outstanding work: ${ids.join(', ')}`)
}
