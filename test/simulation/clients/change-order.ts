import type { OrderPartitions } from '../../../workers/order/order-partitions.ts'
import type { Outlet } from '../platform/platform.ts'
import type { Action } from '../world/action.ts'
import { CALLER, type ClientPorts, drawId, requestFor } from './client-ports.ts'

const FOUND = 'an order that was taken can be found'

/** Cancels an order as `POST /orders/{id}/cancel` does. */
export const cancelOrder = async (
  ports: ClientPorts,
  action: Action & { kind: 'cancel' },
  outlet: Outlet,
): Promise<void> => {
  const { platform, records } = ports
  const orderId = records.orderIds.get(action.order)
  if (orderId === undefined) return
  const request = requestFor(`POST /orders/${orderId}/cancel`, action.key, null)
  const wanted = { orderId, caller: CALLER, request, detail: 'Changed my mind.', traceparent: undefined }
  const response = await ports.persist(outlet, action.key, async () => {
    const { orders } = ports.system().partitionsFor(outlet)
    await checkExternalId(ports, orderId, orders)
    records.changed.add(orderId)
    return await orders.of(orderId)?.cancel(wanted)
  })
  if (response === undefined) return
  const result = response.ok ? response.value.status : response.reason.code
  platform.trace(outlet.actor.name, () => `cancelled ${orderId}: ${result}`)
  if (response.ok) {
    const { status, order } = response.value
    records.compareResponse(request, { status, order })
    records.responses.push({ kind: 'cancellation', orderId, status })
  } else if (response.reason.code === 'order_not_cancellable') {
    records.responses.push({ kind: 'no cancellation', orderId })
  } else {
    platform.violated(FOUND, `${orderId}: ${response.reason.code}`)
  }
}

/** The name that a client gave to its order leads to that order, although other clients may use the same name. */
const checkExternalId = async (
  { platform, records }: ClientPorts,
  orderId: string,
  orders: OrderPartitions,
): Promise<void> => {
  const name = records.externalIdOf(orderId)
  if (name === undefined) return
  const found = await orders.find(name.externalId, name.client)
  if (found.orderId !== orderId || found.clients.join() !== name.client)
    platform.violated(
      FOUND,
      `${name.externalId} of ${name.client} leads to ${found.orderId} of ${found.clients.join(' and ')}`,
    )
}

/** Refunds an order as `POST /payments/{id}/refunds` does. */
export const refundOrder = async (
  ports: ClientPorts,
  action: Action & { kind: 'refund' },
  { tag, outlet }: { tag: string; outlet: Outlet },
): Promise<void> => {
  const { platform, records } = ports
  const orderId = records.orderIds.get(action.order)
  if (orderId === undefined) return
  const { share } = action
  const request = requestFor(`POST /payments/${orderId}/refunds`, action.key, { share })
  const response = await ports.persist(outlet, action.key, async () => {
    const partition = ports.system().partitionsFor(outlet).payments.of(orderId)
    const payment = await partition?.get(orderId, CALLER)
    if (payment === undefined) return undefined
    const amount =
      share === undefined ? undefined : Math.max(1, Math.round(payment.amount * 100 * share)) / 100
    records.changed.add(orderId)
    const wanted = { orderId, refundId: drawId('rf', outlet), caller: CALLER, amount, reason: tag, request }
    return await partition?.requestRefund(wanted)
  })
  if (response?.ok !== true) return
  const { refund } = response.value
  platform.trace(outlet.actor.name, () => `refunds ${refund.amount} of ${orderId} as ${refund.refundId}`)
  records.compareResponse(request, refund)
  records.responses.push({ kind: 'refund', tag, orderId, refundId: refund.refundId })
}
