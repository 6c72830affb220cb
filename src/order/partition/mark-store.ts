import type { Sql } from '../../messaging/sql.ts'
import { type ContentMark, contentMarkOf } from '../content-mark.ts'
import type { Order } from '../order.ts'

/** An external order that has left: its id tells nothing of its age, so this stays for ever. */
export type Mark = ContentMark & { orderId: string; externalId: string; client: string; portion: number }

type MarkRow = {
  order_id: string
  external_id: string
  client: string
  portion: number
  content: string
  currency: string
  is_currency_implied: number
  token_hash: string | null
}

/** In the turn in which it leaves: marks an order, where it has an external id. */
export const insertMarkOf = (sql: Sql, order: Order, portion: number): void => {
  const { orderId, externalId, client } = order
  if (externalId === undefined || client === null) return
  const { content, currency, isCurrencyImplied, tokenHash } = contentMarkOf(order)
  sql(
    `INSERT INTO marks (order_id, external_id, client, portion, content, currency, is_currency_implied, token_hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[
      orderId,
      externalId,
      client,
      portion,
      content,
      currency,
      isCurrencyImplied ? 1 : 0,
      tokenHash ?? null,
    ],
  )
}

export const loadMark = (sql: Sql, orderId: string): Mark | undefined =>
  sql<MarkRow>('SELECT * FROM marks WHERE order_id = ?', orderId).map(toMark)[0]

/** Different clients' orders with one external id, at most `limit`. */
export const loadMarksOf = (sql: Sql, externalId: string, limit: number): Mark[] =>
  sql<MarkRow>(
    'SELECT * FROM marks INDEXED BY marks_by_external_id WHERE external_id = ? LIMIT ?',
    ...[externalId, limit],
  ).map(toMark)

const toMark = (row: MarkRow): Mark => ({
  ...{ orderId: row.order_id, externalId: row.external_id, client: row.client, portion: row.portion },
  ...{ content: row.content, currency: row.currency },
  isCurrencyImplied: row.is_currency_implied === 1,
  tokenHash: row.token_hash ?? undefined,
})
