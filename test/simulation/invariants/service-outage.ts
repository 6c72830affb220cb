import { MINUTE_MS, SECOND_MS } from '../../../src/kernel/instant.ts'
import type { Order } from '../../../src/order/order.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import type { ServiceOutage } from '../world/service-outage.ts'
import { USUAL_MS_MAX, waitsOf } from './recovery.ts'
import type { Stored, Violated } from './stored.ts'

/** Nobody who was away for an hour is waited for longer than the twelve minutes between two publications, and some. */
const BACK_MS_MAX = 15 * MINUTE_MS

/** In a world with nothing wrong but that a service is away for an hour, the others do not feel it. */
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
    if (!records.orderIds.has(order)) violated(invariant, `order ${order} was not taken`)
  }
  for (const response of records.responses) {
    if (response.kind === 'order' && response.waitedMs > USUAL_MS_MAX)
      violated(invariant, `${response.orderId} was answered after ${response.waitedMs} ms`)
  }
}

/** Each leg comes by itself; without operations an order settles as ever. */
const checkOthers = (order: Order, { service }: ServiceOutage, violated: Violated): void => {
  const waitedMs = {
    inventory: () => firstAfter(order, 'Payment'),
    payment: () => firstAfter(order, 'Stock'),
    operations: () => Math.max(0, ...waitsOf(order).map(({ from, until }) => until - from)),
    order: () => 0,
  }[service]()
  if (waitedMs > USUAL_MS_MAX)
    violated(
      'a service that is away holds up no other',
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
        'who was away is waited for no longer than a quarter of an hour',
        `${order.orderId} waited ${Math.ceil(waitedMs / SECOND_MS)} s after ${serviceOutage.service} was back`,
      )
  }
}
