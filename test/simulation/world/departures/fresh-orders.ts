import { newUlid } from '../../../../src/cloudflare/new-ulid.ts'
import { newOrderId } from '../../../../src/kernel/partitions.ts'
import { isSettled, type Order } from '../../../../src/order/order.ts'
import { SHOP } from '../../clients/client-ports.ts'
import { IDEMPOTENT } from '../../clients/persist.ts'
import { load } from '../../invariants/stored.ts'
import type { Outlet, Platform } from '../../platform/platform.ts'
import { countOrders } from '../../system/partitions.ts'
import type { DepartureScene } from './scene.ts'

const LIVING = 'an order that has not left is never taken for an old one'

const CONTENT = {
  ...{ client: SHOP, currency: 'USD', totalMinor: 1_250, paymentToken: 'pm_card_visa' },
  lines: [{ productId: 'P1', quantity: 1, unitPriceMinor: 1_250, amountMinor: 1_250 }],
}

/** A client places an order in each partition that has room, after others have left. Returns the ids. */
export const placeFresh = async (
  { scheduler }: Platform,
  { system, persist }: DepartureScene,
  outlet: Outlet,
): Promise<string[]> => {
  const { orders } = system.partitionsFor(outlet)
  const { setup } = system
  const roomy = orders.labels.filter((label) => {
    const sql = system.orders.get(`orders-${label}`)?.sql
    return sql !== undefined && countOrders(sql) < setup.ordersPerPartition
  })
  const ids = roomy.map((label) => newOrderId(label, newUlid(scheduler.now)))
  for (const orderId of ids) {
    const value = { ...CONTENT, orderId }
    await persist(outlet, IDEMPOTENT, async () => {
      await orders
        .of(orderId)
        ?.place({ request: undefined, placement: { ok: true, value }, bounds: undefined })
    })
  }
  return ids
}

/** Both legs have worked for each of them, and the order is settled: by its stock and money, not by its deadline. */
export const checkFresh = (
  { violated }: Platform,
  { system }: DepartureScene,
  ids: readonly string[],
): void => {
  const { orders, payments, reservations } = load(system)
  for (const orderId of ids) {
    const order = orders.get(orderId)?.order
    const isReserved = reservations.some((reservation) => reservation.orderId === orderId)
    if (order === undefined || !isSettled(order) || isLate(order))
      violated(LIVING, `${orderId} is ${JSON.stringify(order)}`)
    if (!payments.has(orderId) || !isReserved) violated(LIVING, `${orderId} lacks a payment or a reservation`)
  }
}

const isLate = (order: Order): boolean => 'reason' in order && order.reason.code === 'deadline_exceeded'
