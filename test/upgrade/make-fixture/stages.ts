import { setTimeout as sleep } from 'node:timers/promises'
import type { Release } from './release.ts'

const WITHIN_MS = 60_000

const TYPES = [
  ...['OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderSettled'],
  ...['PaymentRefunded', 'StockDepleted', 'StockReplenished'],
]

/** The simulated bank takes two seconds for each call about it: long enough to be killed meanwhile. */
const SLOW = 'pm_sim_slow'

/** Has orders settled in each way, and then others on each part of their way, at the moment when this returns. */
export const bringOrdersToAllStages = async ({ call, receiver }: Release): Promise<void> => {
  const place = async (token: string, [productId, quantity] = ['P001', 1] as [string, number]) => {
    const items = [{ productId, quantity }]
    const order = { items, payment: { token }, customerId: `customer of ${token}`, reference: token }
    const { orderId } = await call('POST', '/orders', { ...order, metadata: { channel: 'fixture' } })
    return String(orderId)
  }
  const until = async (orderId: string, isThere: (order: Record<string, unknown>) => boolean) => {
    for (const giveUpAt = Date.now() + WITHIN_MS; !isThere(await call('GET', `/orders/${orderId}`)); ) {
      if (Date.now() > giveUpAt) throw new Error(`order ${orderId} does not get there`)
      await sleep(100)
    }
  }
  const settled = (orderId: string) => until(orderId, (order) => order.settledAt !== undefined)
  const refund = (orderId: string) => call('POST', `/payments/${orderId}/refunds`, { amount: 10 })

  for (const path of ['taken', 'refused'])
    await call('POST', '/webhooks', { url: `${receiver}/${path}`, types: TYPES })
  await call('POST', '/inventory/P008/adjustments', { delta: 5, reason: 'receipt' })

  const bought = await place('pm_card_visa')
  const returned = await place('pm_card_visa', ['P003', 2])
  const refundedLate = await place(SLOW)
  const others = await Promise.all([
    place('pm_card_chargeDeclined'),
    place('pm_sim_captureDeclined'),
    place('pm_card_visa', ['P008', 10_000]),
    publish(call, 'external-1'),
  ])
  await Promise.all([bought, returned, refundedLate, ...others].map(settled))
  await refund(bought)
  await call('POST', `/orders/${returned}/cancel`, { reason: 'changed my mind' })
  await settled(returned)

  // The payment service is busy with the first three of these for some seconds, and what comes meanwhile waits.
  const [confirmed = '', cancelled = ''] = await Promise.all([
    ...[place('pm_card_visa'), place('pm_card_visa')],
    ...[place(SLOW), place('pm_sim_timeoutOnce'), place('pm_sim_errorSticky')],
  ])
  const isConfirmed = ({ status }: Record<string, unknown>) => status === 'confirmed'
  await Promise.all([until(confirmed, isConfirmed), until(cancelled, isConfirmed)])
  await Promise.all([
    call('POST', `/orders/${cancelled}/cancel`),
    refund(refundedLate),
    call('POST', '/inventory/P008/adjustments', { delta: -1, reason: 'damaged' }),
  ])
  await Promise.all([place('pm_card_visa'), place(SLOW, ['P002', 1]), publish(call, 'external-2')])
}

/** An order that brings its own id. */
const publish = async (call: Release['call'], orderId: string): Promise<string> => {
  const data = { orderId, items: [{ productId: 'P005', quantity: 1 }], totalAmount: 42.25, currency: 'USD' }
  await call('POST', '/events', {
    ...{ specversion: '1.0', id: `${orderId}/OrderPlaced`, source: '/fixture', type: 'OrderPlaced' },
    ...{ schemaversion: 2, subject: orderId, time: new Date().toISOString(), data },
  })
  return orderId
}
