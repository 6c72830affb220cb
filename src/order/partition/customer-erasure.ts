import type { Customer } from '../../contracts/customer-erasure.ts'
import { traceIdOf } from '../../kernel/trace.ts'
import type { PartitionHost } from '../../messaging/partition.ts'
import { attempt } from '../../messaging/turn.ts'
import { isSettled } from '../order.ts'
import { isOrderOf, withoutPersonalData } from '../personal-data.ts'
import { findCustomerOrders } from './customer-search.ts'
import type { DueTimes } from './due-times.ts'
import { loadOrders, type OrderRow } from './order-store.ts'
import type { OrderWrites } from './order-writes.ts'

/** `after` is the last order id of the portion before; empty at first. */
export type ErasureRequest = { customer: Customer; after: string; isDryRun: boolean }

/** `next` is the order id to go on after. The last portion has none. */
export type ErasureReply = { erased: string[]; waiting: string[]; next?: string }

type Ports = { host: PartitionHost; writes: OrderWrites; dueTimes: DueTimes }

/**
 * Erases what the orders of one customer say about it, a portion in each call. The partition reads its orders one by one: an
 * index by customer would cost every order a row, for a call that is rare. An order whose events may still be sent waits.
 */
export const createCustomerErasure = ({ host, writes, dueTimes }: Ports) => {
  const { sql } = host

  /** Whether it was erased. The list gets its new version at the next alarm. */
  const erase = (row: OrderRow): boolean =>
    attempt(host, { orderId: row.order.orderId, traceId: traceIdOf(row.order) }, () => {
      const dueAt = dueTimes.afterChange(row, host.now())
      writes.update({ ...row, dueAt, order: withoutPersonalData(row.order) })
    }).ok

  return ({ customer, after, isDryRun }: ErasureRequest): ErasureReply =>
    host.turn(() => {
      const { orderIds, next } = findCustomerOrders(sql, customer, after)
      const rows = [...loadOrders(sql, orderIds).values()].filter(({ order }) => isOrderOf(order, customer))
      const erased = rows.filter((row) => isQuiet(row) && (isDryRun || erase(row))).map(idOf)
      const waiting = rows.map(idOf).filter((orderId) => !erased.includes(orderId))
      return { erased, waiting, ...(next !== undefined && { next }) }
    })
}

const idOf = ({ order }: OrderRow): string => order.orderId

/** No event of the order is on its way, or to be sent again. */
const isQuiet = ({ order, announcing, unacknowledged }: OrderRow): boolean =>
  isSettled(order) && announcing === null && unacknowledged === null
