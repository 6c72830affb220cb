import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Order } from '../../../src/order/order.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import type { ServiceOutage } from '../system/outage-effect.ts'
import { USUAL_MS_MAX, waitsOf } from './recovery.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

/** Once a service is back, its orders wait at most for the next publication (twelve minutes) and for their work. */
const BACK_MS_MAX = 15 * MINUTE_MS

/** In a world whose only fault is an hour's outage of one service, the outage does not reach the other services. */
export const checkServiceOutage = (
  serviceOutage: ServiceOutage,
  { stored, records }: { stored: Stored; records: ClientRecords },
  violated: Violated,
): void => {
  const orders = [...stored.orders.values()].map(({ order }) => order).filter(({ client }) => client !== null)
  checkTaken(records, violated)
  for (const order of orders) {
    checkOthers(order, serviceOutage, violated)
    checkReturn(order, serviceOutage, violated)
  }
}

const checkTaken = (records: ClientRecords, violated: Violated): void => {
  const invariant = 'orders are taken while a service is away'
  for (const order of records.asked) {
    if (!records.orderIds.has(order) && !records.taken.has(order))
      violated(invariant, `order ${order} was not taken`)
  }
  for (const response of records.responses) {
    if (response.kind === 'order' && response.waitedMs > USUAL_MS_MAX)
      violated(invariant, `${response.orderId} got its response after ${response.waitedMs} ms`)
  }
}

/** Each leg works alone, and orders settle without operations. */
const checkOthers = (order: Order, { service }: ServiceOutage, violated: Violated): void => {
  const waitedMs = {
    inventory: () => firstAfter(order, 'Payment'),
    payment: () => firstAfter(order, 'Stock'),
    operations: () => Math.max(0, ...waitsOf(order).map(({ from, until }) => until - from)),
    order: () => 0,
  }[service]()
  if (waitedMs > USUAL_MS_MAX)
    violated(
      'a service that is away delays no other service',
      `${order.orderId} waited ${Math.ceil(waitedMs / SECOND_MS)} s`,
    )
}

const firstAfter = ({ history }: Order, leg: 'Stock' | 'Payment'): number => {
  const placed = history.find(({ type }) => type === 'OrderPlaced')
  const first = history.find(({ type }) => type.startsWith(leg))
  return placed === undefined || first === undefined ? Number.POSITIVE_INFINITY : first.at - placed.at
}

const checkReturn = (order: Order, serviceOutage: ServiceOutage, violated: Violated): void => {
  for (const { from, until } of waitsOf(order)) {
    const waitedMs = until - Math.max(from, serviceOutage.until)
    if (waitedMs > BACK_MS_MAX)
      violated(
        'orders settle within a quarter of an hour after a service is back',
        `${order.orderId} waited ${Math.ceil(waitedMs / SECOND_MS)} s after ${serviceOutage.service} was back`,
      )
  }
}
