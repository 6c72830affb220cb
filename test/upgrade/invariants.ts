import { readStored } from '../../src/messaging/stored-document.ts'
import { WEBHOOK } from '../../src/operations/webhook.ts'
import { WEBHOOK_DELIVERY } from '../../src/operations/webhook-delivery.ts'
import { checkBank } from '../simulation/invariants/money.ts'
import { load } from '../simulation/invariants/stored.ts'
import type { Violated } from '../simulation/invariants/violated.ts'
import type { Receiver } from '../simulation/platform/receiver.ts'
import type { System } from '../simulation/system/system.ts'

/** What the partitions say, in the words of an operator: `confirmed, reserved, authorized` by order. */
export type Snapshot = {
  orders: Record<string, string>
  /** Units on hand and units that orders have taken for good, by product: together they stay the same. */
  units: Record<string, number>
  pendingDeliveries: string[]
  webhooks: number
}

export const snapshotOf = (system: System): Snapshot => {
  const { orders } = load(system)
  const states = [...orders.values()].map(({ order }) => {
    const isSettled = 'settledAt' in order && order.settledAt !== undefined
    const state = [
      order.status,
      order.inventory.status,
      order.payment.status,
      ...(isSettled ? ['settled'] : []),
    ]
    return [order.orderId, state.join(', ')]
  })
  return {
    orders: Object.fromEntries(states),
    units: unitsOf(system),
    pendingDeliveries: deliveriesOf(system).flatMap(({ status, deliveryId }) =>
      status === 'pending' ? [deliveryId] : [],
    ),
    webhooks: system.webhooks
      .sql<{ document: string }>('SELECT document FROM webhooks')
      .map(({ document }) => readStored(WEBHOOK, document)).length,
  }
}

const unitsOf = (system: System): Record<string, number> => {
  const units: Record<string, number> = {}
  const add = (productId: string, quantity: number) => {
    units[productId] = (units[productId] ?? 0) + quantity
  }
  for (const { sql } of system.stock.values())
    for (const row of sql<{ product_id: string; on_hand: number }>(
      'SELECT product_id, on_hand FROM products',
    ))
      add(row.product_id, row.on_hand)
  for (const reservation of load(system).reservations)
    if (reservation.state === 'committed')
      for (const line of reservation.lines) add(line.productId, line.quantity)
  return units
}

const deliveriesOf = (system: System) =>
  system.webhooks
    .sql<{ document: string }>('SELECT document FROM deliveries')
    .map(({ document }) => readStored(WEBHOOK_DELIVERY, document))

type Finished = { system: System; before: Snapshot; after: Snapshot; receiver: Receiver }

/** Every order is settled, all stock and money is accounted for, and nothing is left to be done. */
export const checkFinished = ({ system, before, after, receiver }: Finished, violated: Violated): void => {
  checkOrders({ before, after }, violated)
  checkBank(load(system), system, new Set(), violated)
  checkStock(system, { before, after }, violated)
  checkNothingDue(system, violated)
  checkDeliveries({ before, after, receiver }, violated)
}

type Both = Pick<Finished, 'before' | 'after'>

const checkOrders = ({ before, after }: Both, violated: Violated): void => {
  for (const [orderId, was] of Object.entries(before.orders)) {
    const is = after.orders[orderId] ?? 'gone'
    if (!is.endsWith('settled')) violated('every order is settled', `${orderId}: ${was}, then ${is}`)
    const [decision = ''] = was.split(',')
    if (decision !== 'pending' && !is.startsWith(decision))
      violated('a decision stays', `${orderId}: ${was}, then ${is}`)
  }
}

const checkStock = (system: System, { before, after }: Both, violated: Violated): void => {
  for (const { name, sql } of system.stock.values())
    for (const { product_id, reserved } of sql<{ product_id: string; reserved: number }>(
      'SELECT product_id, reserved FROM products',
    ))
      if (reserved !== 0) violated('no stock stays reserved', `${product_id} at ${name}: ${reserved}`)
  for (const [productId, units] of Object.entries(before.units))
    if (after.units[productId] !== units)
      violated('no unit is lost', `${productId}: ${units}, then ${after.units[productId]}`)
}

const DUE = { orders: ['orders'], stock: ['holds', 'adjustments', 'facts'], payments: ['payments'] } as const

const checkNothingDue = (system: System, violated: Violated): void => {
  for (const kind of ['orders', 'stock', 'payments'] as const)
    for (const { name, sql } of system[kind].values())
      for (const table of DUE[kind])
        for (const { due } of sql<{ due: number }>(
          `SELECT count(*) AS due FROM ${table} WHERE due_at IS NOT NULL`,
        ))
          if (due > 0) violated('nothing is due', `${due} ${table} of ${name}`)
}

/** What was on its way to a webhook has arrived, under one id with one body however often it was sent. */
const checkDeliveries = ({ before, after, receiver }: Omit<Finished, 'system'>, violated: Violated): void => {
  if (after.pendingDeliveries.length > 0)
    violated('every delivery is taken', after.pendingDeliveries.join(', '))
  for (const id of before.pendingDeliveries)
    if (!receiver.received.has(id)) violated('every delivery arrives', id)
  for (const [id, bodies] of receiver.received)
    if (new Set(bodies).size > 1) violated('a delivery is the same each time', id)
}
