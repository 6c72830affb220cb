import type { Sql } from '../../messaging/sql.ts'
import type { ExternalId } from '../external-id.ts'
import type { Order } from '../order.ts'
import { loadMark, loadMarksOf, type Mark } from './mark-store.ts'
import { loadByExternalId, loadOrders } from './order-store.ts'

/** At most this many orders with one external id are read. A reply names no more of them. */
const CLIENTS_MAX = 100

/** An external id of a client's order. Without an owner it may be the order of any client. */
export type ExternalIdQuery = { externalId: string; owner?: { client: string; orderId: string } | undefined }

/** An order that a name may mean: its unique id and its client. */
export type FoundOrder = { orderId: string; client: string }

/** Orders of earlier versions are stored under their external id. Each belongs to one client. */
export const findByExternalId = (sql: Sql, { externalId, owner }: ExternalIdQuery): FoundOrder[] => {
  if (owner !== undefined) {
    const order = orderOf(sql, { externalId, client: owner.client }, owner.orderId)
    if (order !== undefined) return found(order)
    return [loadMark(sql, owner.orderId) ?? []].flat().map(foundByMark)
  }
  const earlier = loadOrders(sql, [externalId]).get(externalId)
  const rows = [
    ...(earlier === undefined ? [] : [earlier]),
    ...loadByExternalId(sql, externalId, CLIENTS_MAX),
  ]
  const marks = loadMarksOf(sql, externalId, CLIENTS_MAX)
  return [...rows.flatMap(({ order }) => found(order)), ...marks.map(foundByMark)].slice(0, CLIENTS_MAX + 1)
}

/** The order that a client placed under an external id. An order of an earlier version comes first. */
export const orderOf = (sql: Sql, { client, externalId }: ExternalId, orderId: string): Order | undefined => {
  const rows = loadOrders(sql, [externalId, orderId])
  const earlier = rows.get(externalId)?.order
  return earlier?.client === client ? earlier : rows.get(orderId)?.order
}

/** The same for a call from a Worker of an earlier version, which knows no unique ids. */
export const orderOfAnyVersion = (sql: Sql, { client, externalId }: ExternalId): Order | undefined => {
  const own = loadByExternalId(sql, externalId, CLIENTS_MAX).find(({ order }) => order.client === client)
  return (own ?? loadOrders(sql, [externalId]).get(externalId))?.order
}

/** The mark of an order that a client placed under an external id, and that has left. */
export const markOf = (
  sql: Sql,
  { client, externalId }: ExternalId,
  orderId: string | undefined,
): Mark | undefined =>
  orderId === undefined
    ? loadMarksOf(sql, externalId, CLIENTS_MAX).find((mark) => mark.client === client)
    : loadMark(sql, orderId)

const foundByMark = ({ orderId, client }: Mark): FoundOrder => ({ orderId, client })

const found = ({ orderId, client }: Order): FoundOrder[] => (client === null ? [] : [{ orderId, client }])
