import { describe, expect, it } from 'vitest'
import type { Page } from '../../src/contracts/paging.ts'
import { loadProductsAfter, STOCK_TABLES } from '../../src/inventory/partition/stock-store.ts'
import { migrate } from '../../src/messaging/schema.ts'
import type { Sql } from '../../src/messaging/sql.ts'
import { findDeliveries } from '../../src/operations/partition/delivery-list.ts'
import { loadDeliveriesBefore, loadDeliveriesOfOrder } from '../../src/operations/partition/delivery-store.ts'
import { loadHealth } from '../../src/operations/partition/health-store.ts'
import { countToResend, loadToResend } from '../../src/operations/partition/resend-store.ts'
import {
  loadFailingAfter,
  loadWebhooksAfter,
  loadWebhooksOf,
} from '../../src/operations/partition/webhook-store.ts'
import { WEBHOOK_TABLES } from '../../src/operations/partition/webhook-tables.ts'
import { findMovements, findProducts, unlistMovements } from '../../workers/inventory/ledger.ts'
import { type AuditFilter, findEntries } from '../../workers/operations/audit-log/audit-list.ts'
import { eraseClosed } from '../../workers/operations/dead-letters/erase-closed.ts'
import { findLetters } from '../../workers/operations/dead-letters/letter-list.ts'
import { findGroups, selectGroup } from '../../workers/operations/dead-letters/letter-selection.ts'
import { selectLetters } from '../../workers/operations/dead-letters/letter-table.ts'
import {
  findAuditOfOrder,
  findLettersOfOrder,
} from '../../workers/operations/dead-letters/letters-of-order.ts'
import { type AlertFilter, findAlerts, forgetAlerts } from '../../workers/operations/stock-alerts.ts'
import { findKeys } from '../../workers/order/edge/keys/key-list.ts'
import { unlistPayments } from '../../workers/payment/payment-list.ts'
import { createInMemoryD1 } from '../support/in-memory-d1.ts'
import { createInMemorySql } from '../support/in-memory-sql.ts'

const FIRST: Page = { list: 'x', limit: 20 }
const LATER: Page = { ...FIRST, after: ['2026-11-27T00:00:00.000Z', '01m844dzg0'] }
const PAGES = [FIRST, LATER]

/** How SQLite carries a query out, instead of carrying it out. */
const explaining = (sql: Sql) => {
  const plans: string[] = []
  const explain = (query: string, bindings: readonly (string | number | null)[]): never[] => {
    const steps = sql<{ detail: string }>(`EXPLAIN QUERY PLAN ${query}`, ...bindings)
    plans.push(steps.map(({ detail }) => detail).join('; '))
    return []
  }
  const prepare = (query: string, bindings: (string | number | null)[] = []) => ({
    bind: (...values: (string | number | null)[]) => prepare(query, values),
    all: async () => ({ results: explain(query, bindings) }),
    run: async () => ({ results: explain(query, bindings) }),
  })
  return {
    plans,
    sql: (<Row>(query: string, ...bindings: (string | number | null)[]): Row[] =>
      explain(query, bindings)) satisfies Sql,
    database: {
      prepare,
      batch: async (statements: readonly ReturnType<typeof prepare>[]) =>
        await Promise.all(statements.map(({ run }) => run())),
    } as unknown as D1Database,
  }
}

/** Who closed a letter is looked up for each letter of the page. */
const CLOSING_PLAN =
  'CORRELATED SCALAR SUBQUERY 1; SEARCH audit USING INDEX audit_by_letter (dead_letter_id=?)'

const d1 = (worker: string) => explaining(createInMemoryD1(worker).sql)

const partition = (tables: Parameters<typeof migrate>[1]) => {
  const sql = createInMemorySql()
  migrate(sql, tables)
  return explaining(sql)
}

describe('a page is read by an index that begins with its filters and ends in its order', () => {
  it.each([
    [{}, 'INDEX dead_letters_by_time ((first_seen_at,id)<(?,?))'],
    [{ status: 'open' }, 'INDEX dead_letters_by_status (status=? AND (first_seen_at,id)<(?,?))'],
    [{ consumer: 'order' }, 'INDEX dead_letters_by_consumer (consumer=? AND (first_seen_at,id)<(?,?))'],
    [
      { consumer: 'order', status: 'open' },
      'INDEX dead_letters_by_consumer_and_status (consumer=? AND status=? AND (first_seen_at,id)<(?,?))',
    ],
    [{ reason: 'hop_limit' }, 'INDEX dead_letters_by_reason (reason=? AND (first_seen_at,id)<(?,?))'],
    [{ type: 'OrderPlaced' }, 'INDEX dead_letters_by_type (<expr>=? AND (first_seen_at,id)<(?,?))'],
  ] as const)('GET /dead-letters %o', async (filter, plan) => {
    const { database, plans } = d1('operations')
    for (const page of PAGES) await findLetters(database, filter, page)
    expect(plans).toEqual(PAGES.map(() => `SEARCH dead_letters USING ${plan}; ${CLOSING_PLAN}`))
  })

  it.each([
    [{ reason: 'hop_limit', status: 'open' }, 'dead_letters_by_reason (reason=? AND'],
    [{ type: 'OrderPlaced', reason: 'hop_limit' }, 'dead_letters_by_type (<expr>=? AND'],
  ] as const)('GET /dead-letters %o walks an index, and loads what matches by id', async (filter, plan) => {
    const { database, plans } = d1('operations')
    await findLetters(database, filter, LATER)
    expect(plans[0]).toBe(`SEARCH dead_letters USING INDEX ${plan} (first_seen_at,id)<(?,?))`)
    expect(plans[1]).toMatch(/^SEARCH dead_letters USING PRIMARY KEY \(id=\?\)/)
  })

  it.each<[AuditFilter, string]>([
    [{}, 'PRIMARY KEY ('],
    [{ kind: 'key' }, 'INDEX audit_by_kind (kind=? AND '],
    [{ kind: 'key', client: 'web' }, 'INDEX audit_by_client (client=? AND '],
    [{ keyId: 'k1', client: 'web' }, 'INDEX audit_by_key (key_id=? AND '],
    [{ person: 'ada@shop.example', client: 'web' }, 'INDEX audit_by_person (person=? AND '],
    [{ subject: 'ord_0_1', kind: 'order' }, 'INDEX audit_by_letter (dead_letter_id=? AND '],
  ])('GET /audit-log %o', async (filter, plan) => {
    const { database, plans } = d1('operations')
    for (const page of PAGES) await findEntries(database, filter, page)
    expect(plans).toEqual(PAGES.map(() => `SEARCH audit USING ${plan}audit_id>? AND audit_id<?)`))
  })

  it.each<[AlertFilter, string]>([
    [{}, 'stock_alerts_by_time ('],
    [{ type: 'StockDepleted' }, 'stock_alerts_by_type (type=? AND '],
    [{ productId: 'P001' }, 'stock_alerts_by_product (product_id=? AND '],
    [{ productId: 'P001', type: 'StockDepleted' }, 'stock_alerts_by_product (product_id=? AND '],
  ])('GET /stock-alerts %o', async (filter, plan) => {
    const { database, plans } = d1('operations')
    for (const page of PAGES) await findAlerts(database, filter, page)
    expect(plans).toEqual(PAGES.map(() => `SEARCH stock_alerts USING INDEX ${plan}(at,event_id)<(?,?))`))
  })

  it('stock alerts that are old', async () => {
    const { database, plans } = d1('operations')
    await forgetAlerts(database, 0)
    expect(plans[0]).toContain('SEARCH stock_alerts USING COVERING INDEX stock_alerts_by_time (at<?)')
  })

  it('POST /dead-letters/redrive of all that are open, and of one queue', async () => {
    const { database, plans } = d1('operations')
    await selectLetters(database, { ids: ['dl_1'], limit: 100 })
    for (const selection of [
      {},
      { consumer: 'order' },
      { reason: 'hop_limit' },
      { type: 'OrderPlaced' },
    ] as const)
      await selectGroup(database, selection, 100)
    const byId = expect.stringMatching(/^SEARCH dead_letters USING PRIMARY KEY \(id=\?\)/)
    expect(plans).toEqual([
      byId,
      ...['SEARCH dead_letters USING INDEX dead_letters_by_status (status=?)', byId],
      'SEARCH dead_letters USING INDEX dead_letters_by_consumer_and_status (consumer=? AND status=?)',
      ...[byId, 'SEARCH dead_letters USING INDEX dead_letters_by_reason (reason=?)', byId],
      ...['SEARCH dead_letters USING INDEX dead_letters_by_type (<expr>=?)', byId],
    ])
  })

  it('GET /dead-letter-groups', async () => {
    const { database, plans } = d1('operations')
    await findGroups(database, { consumer: undefined, status: 'open' })
    await findGroups(database, { consumer: 'order', status: 'open' })
    expect(plans[0]).toContain('SEARCH dead_letters USING INDEX dead_letters_by_status (status=?)')
    expect(plans[1]).toContain(
      'SEARCH dead_letters USING INDEX dead_letters_by_consumer_and_status (consumer=? AND status=?)',
    )
  })

  it('closed letters whose tokens are to be erased', async () => {
    const { database, plans } = d1('operations')
    await eraseClosed(database, { portions: 1 })
    expect(plans).toEqual(['SCAN dead_letters USING INDEX dead_letters_to_erase'])
  })

  it('the dead letters of one order, and what was done about them', async () => {
    const { database, plans } = d1('operations')
    await findLettersOfOrder(database, 'ord_0_1')
    await findAuditOfOrder(database, 'ord_0_1')
    expect(plans).toEqual([
      `SEARCH dead_letters USING INDEX dead_letters_by_order (order_id=?); ${CLOSING_PLAN}`,
      expect.stringMatching(
        /^SEARCH dead_letters USING (COVERING )?INDEX dead_letters_by_order \(order_id=\?\); SEARCH audit USING INDEX audit_by_letter \(dead_letter_id=\?\)/,
      ),
    ])
  })

  it('the deliveries of one order, a search for each webhook', () => {
    const { sql, plans } = partition(WEBHOOK_TABLES)
    loadDeliveriesOfOrder(sql, 'ord_0_1', undefined)
    loadDeliveriesOfOrder(sql, 'ord_0_1', 'web')
    const search =
      'SEARCH deliveries USING INDEX deliveries_by_event (webhook_id=? AND event_id>? AND event_id<?)'
    expect(plans.map((plan) => plan.includes(search))).toEqual([true, true])
    expect(plans[1]).toContain('webhooks_by_client')
  })

  it('GET /keys', async () => {
    const { database, plans } = d1('order')
    for (const page of PAGES) await findKeys(database, page)
    expect(plans).toEqual(PAGES.map(() => 'SEARCH api_keys USING PRIMARY KEY (id<?)'))
  })

  it('GET /products', async () => {
    const { database, plans } = d1('inventory')
    await findProducts(database, LATER)
    expect(plans).toEqual(['SEARCH products USING PRIMARY KEY (product_id>?)'])
  })

  it('movements: the rows of the page, and those at most some seconds later', async () => {
    const { database, plans } = d1('inventory')
    await findMovements(database, 'P001', LATER)
    const reads = plans.flatMap((plan) => plan.split('; ')).filter((step) => step.includes(' movements '))
    expect(reads).toEqual([
      'SEARCH movements USING PRIMARY KEY (product_id=? AND (at,movement_id)<(?,?))',
      'SEARCH movements USING PRIMARY KEY (product_id=? AND (at,movement_id)>(?,?) AND at<?)',
    ])
  })

  it('the rows of orders that have left, each by its key', async () => {
    const ledger = d1('inventory')
    await unlistMovements(ledger.database, [['P001', 1, 'ord_0_1/commit']])
    const payments = d1('payment')
    await unlistPayments(payments.database, [['web', 1, 'ord_0_1']])
    expect([...ledger.plans, ...payments.plans].map((plan) => plan.split('; ')[0])).toEqual([
      'SEARCH movements USING PRIMARY KEY (product_id=? AND at=? AND movement_id=?)',
      'SEARCH listed_payments USING PRIMARY KEY (client=? AND created_at=? AND order_id=?)',
      'SEARCH payments USING PRIMARY KEY (created_at=? AND order_id=?)',
    ])
  })

  it('GET /inventory', () => {
    const { sql, plans } = partition(STOCK_TABLES)
    loadProductsAfter(sql, 'P001', 21)
    expect(plans).toEqual(['SEARCH products USING PRIMARY KEY (product_id>?)'])
  })

  it('the deliveries of a webhook with a status', () => {
    const { sql, plans } = partition(WEBHOOK_TABLES)
    for (const status of ['failed', 'pending', 'delivered'] as const)
      findDeliveries(sql, 'wh_1', { status, limit: 21 })
    expect(plans.map((plan) => plan.split('; '))).toEqual([
      ['SEARCH deliveries USING INDEX deliveries_failed (webhook_id=? AND <expr><?)'],
      expect.arrayContaining([
        expect.stringMatching(
          /^SEARCH deliveries USING (PRIMARY KEY|INDEX \w+) \(webhook_id=\? AND delivery_id/,
        ),
        expect.stringContaining('INDEX deliveries_to_try (webhook_id=?)'),
      ]),
      ['SEARCH deliveries USING PRIMARY KEY (webhook_id=? AND delivery_id<?)'],
    ])
  })

  it('the health of a webhook, and the webhooks that fail', () => {
    const { sql, plans } = partition(WEBHOOK_TABLES)
    loadHealth(sql, 'wh_1')
    loadFailingAfter(sql, '', 21)
    expect(plans.map((plan) => plan.replaceAll('COVERING ', ''))).toEqual([
      'SEARCH endpoints USING PRIMARY KEY (webhook_id=?)',
      'SEARCH deliveries USING INDEX deliveries_to_try (webhook_id=?)',
      expect.stringContaining('SEARCH deliveries USING INDEX deliveries_to_try (webhook_id=?)'),
      expect.stringContaining('SEARCH deliveries USING INDEX deliveries_failed (webhook_id=?)'),
      expect.not.stringContaining('TEMP B-TREE'),
    ])
  })

  it('the deliveries of a webhook that a bulk resend sends, oldest first', () => {
    const { sql, plans } = partition(WEBHOOK_TABLES)
    for (const status of ['failed', 'pending'] as const) {
      const filter = { status, since: 1, until: 9, now: 5 }
      loadToResend(sql, 'wh_1', filter, 101)
      countToResend(sql, 'wh_1', filter)
    }
    const failed = 'SEARCH deliveries USING INDEX deliveries_failed (webhook_id=? AND <expr>>? AND <expr><?)'
    const pending = 'SEARCH deliveries USING INDEX deliveries_to_try (webhook_id=? AND due_at>?)'
    expect(plans).toEqual([
      failed,
      expect.stringContaining(failed),
      pending,
      expect.stringContaining(pending),
    ])
  })

  it('GET /webhooks and deliveries', () => {
    const { sql, plans } = partition(WEBHOOK_TABLES)
    loadWebhooksAfter(sql, '', 21)
    loadWebhooksOf(sql, 'web-shop')
    for (const before of [undefined, 'msg_01m844dzg0'])
      loadDeliveriesBefore(sql, 'wh_1', { before, limit: 21 })
    expect(plans).toEqual([
      'SEARCH webhooks USING PRIMARY KEY (webhook_id>?)',
      'SEARCH webhooks USING INDEX webhooks_by_client (<expr>=?)',
      'SEARCH deliveries USING PRIMARY KEY (webhook_id=? AND delivery_id<?)',
      'SEARCH deliveries USING PRIMARY KEY (webhook_id=? AND delivery_id<?)',
    ])
  })
})
