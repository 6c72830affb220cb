import type { z } from 'zod'
import type { getOrderEvents, orderSchema } from '../../../../../src/contracts/http/orders.ts'

type Order = z.infer<typeof orderSchema>
type OrderEvent = z.infer<
  (typeof getOrderEvents)['route']['responses'][200]['content']['application/json']['schema']
>['events'][number]

/** What a customer would say happened, by the type of the event. */
export const WORDS: Readonly<Record<string, string>> = {
  OrderPlaced: 'The order is stored. The warehouse and the bank are asked at the same time.',
  StockReserved: 'The warehouse has put the goods aside.',
  StockRejected: 'The shelf is empty: the warehouse does not have enough.',
  PaymentAuthorized: 'The bank has set the money aside.',
  PaymentDeclined: 'The bank has declined the card.',
  OrderConfirmed: 'Both said yes, so the order is confirmed.',
  OrderRejected: 'The order is rejected. What was put aside is given back.',
  OrderCancelled: 'The order is cancelled. Goods and money go back.',
  StockCommitted: 'The goods have left the shelf.',
  StockReleased: 'The goods are free for other customers.',
  PaymentCaptured: 'The bank has taken the money.',
  PaymentVoided: 'The bank has let the money go: nothing was charged.',
  PaymentFailed: 'The bank has refused to take the money.',
  PaymentRefunded: 'The bank has given the money back.',
  OrderSettled: 'The warehouse and the bank have done their part.',
}

export type Told = { id: string; afterMs: number; says: string }

/** The events of an order, with the milliseconds since the first one. */
export const tell = (events: readonly OrderEvent[]): Told[] => {
  const start = Date.parse(events[0]?.time ?? '')
  return events.map(({ id, type, time }) => ({
    id,
    afterMs: Date.parse(time) - start,
    says: WORDS[type] ?? type,
  }))
}

/** Whom an order that is not settled waits for. */
export const waitsFor = ({ status, inventory, payment }: Order): string => {
  const ends = ENDS[status]
  const legs = [
    ...(ends.inventory.includes(inventory.status) ? [] : ['the warehouse']),
    ...(ends.payment.includes(payment.status) ? [] : ['the bank']),
  ]
  return legs.length === 0 ? 'It is nearly done.' : `It waits for ${legs.join(' and ')}.`
}

type Ends = Readonly<Record<'inventory' | 'payment', readonly string[]>>

const UNDONE: Ends = {
  inventory: ['rejected', 'released'],
  payment: ['declined', 'voided', 'failed', 'refunded'],
}

/** Where each leg has done what the order's state asks of it. */
const ENDS: Readonly<Record<Order['status'], Ends>> = {
  pending: { inventory: ['reserved', 'committed'], payment: ['authorized', 'captured'] },
  confirmed: { inventory: ['committed'], payment: ['captured', 'refunded'] },
  rejected: UNDONE,
  cancelled: UNDONE,
}
