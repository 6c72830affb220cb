import { ANNOUNCED } from '../../../src/contracts/webhook-types.ts'
import type { WebhookDelivery } from '../../../src/operations/webhook-delivery.ts'
import type { Order } from '../../../src/order/order.ts'
import type { ClientRecords } from '../clients/client-records.ts'
import type { System } from '../system/system.ts'
import type { Stored } from './stored.ts'
import type { Violated } from './violated.ts'

const INVARIANT = 'a webhook receives each event that it wants'
const PROMISED = 'every order placed after a webhook was seen enabled is announced to it'

type Scene = { system: System; records: ClientRecords }

/**
 * In a world where a webhook wants all events, each event reaches it, with the same body on every attempt. An attempt that
 * was lost on our side does not count as a failure of the address: such failures would disable it long before the
 * promised day. For a webhook that is registered later, the same holds for orders placed after it was seen enabled.
 */
export const checkWebhooks = (stored: Stored, { system, records }: Scene, violated: Violated): void => {
  const deliveries = system.webhooks
    .sql<{ document: string }>('SELECT document FROM deliveries')
    .map((row) => JSON.parse(row.document) as WebhookDelivery)
  const orders = [...stored.orders.values()].map(({ order }) => order)
  if (system.setup.webhooks === 'wanted') {
    const statuses = statusesOf(deliveries)
    for (const id of orders.flatMap(announcedIds)) {
      const status = statuses.get(id)
      if (status !== 'delivered') violated(INVARIANT, `${id} is ${status ?? 'unknown'}`)
    }
  }
  checkEnabled(orders, deliveries, { records, violated })
  for (const delivery of deliveries) checkDelivery(delivery, system, violated)
}

const statusesOf = (deliveries: readonly WebhookDelivery[]) =>
  new Map(deliveries.map(({ eventId, status }) => [eventId, status]))

const checkEnabled = (
  orders: readonly Order[],
  deliveries: readonly WebhookDelivery[],
  { records, violated }: { records: ClientRecords; violated: Violated },
): void => {
  for (const { webhookId, types, after } of records.enabledWebhooks) {
    const statuses = statusesOf(deliveries.filter((delivery) => delivery.webhookId === webhookId))
    const later = orders.filter((order) => (askedAt(order, records) ?? 0) > after)
    const ids = later.flatMap(announcedIds).filter((id) => types.includes(id.split('/')[1] ?? ''))
    for (const id of ids.filter((each) => statuses.get(each) !== 'delivered'))
      violated(PROMISED, `${id} is ${statuses.get(id) ?? 'unknown'}`)
  }
}

/** The two orders of one batch have numbers. */
const askedAt = ({ reference, customerId = '' }: Order, { askedAt }: ClientRecords): number | undefined =>
  askedAt.get(reference ?? customerId.replace(/-\d$/, ''))

const checkDelivery = (
  { deliveryId, eventId, body, failures, status }: WebhookDelivery,
  system: System,
  violated: Violated,
): void => {
  const known = system.receiver.failed.get(deliveryId) ?? 0
  if (failures > known)
    violated(INVARIANT, `${eventId} counts ${failures} failures of an address that had ${known}`)
  const bodies = new Set(system.receiver.received.get(deliveryId))
  const isGivenUp = status === 'failed' && system.setup.webhooks !== 'wanted'
  if (!isGivenUp && (bodies.size !== 1 || !bodies.has(body)))
    violated(INVARIANT, `${eventId} came as ${[...bodies].join(' and ')}`)
}

const announcedIds = ({ orderId, client, history }: Order): string[] =>
  history
    .filter(({ type }) => client !== null && ANNOUNCED.some((announced) => announced === type))
    .map(({ type, occurrence }) => [orderId, type, occurrence].filter((part) => part !== undefined).join('/'))
