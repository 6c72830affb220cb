import type { EventOf } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import { fromTimestamp } from '../kernel/instant.ts'
import type { StockCommand, StockLine } from './stock.ts'

export type OrderEvent = EventOf<'OrderPlaced' | 'OrderConfirmed' | 'OrderRejected' | 'OrderCancelled'>

/** The inventory's command for an order's event. */
export const commandFor = (event: OrderEvent): StockCommand => {
  switch (event.type) {
    case 'OrderPlaced':
      return whenOrderPlaced(event)
    case 'OrderConfirmed':
      return whenOrderConfirmed(event)
    case 'OrderRejected':
    case 'OrderCancelled':
      return whenOrderReleased(event)
    default:
      return assertNever(event)
  }
}

const whenOrderPlaced = ({ data, time, traceparent }: EventOf<'OrderPlaced'>): StockCommand => ({
  kind: 'reserve',
  orderId: data.orderId,
  lines: sumByProduct(data.items),
  at: fromTimestamp(time),
  traceparent,
})

const whenOrderConfirmed = ({ data, time, traceparent }: EventOf<'OrderConfirmed'>): StockCommand => ({
  kind: 'commit',
  orderId: data.orderId,
  lines: sumByProduct(data.items),
  at: fromTimestamp(time),
  traceparent,
})

const whenOrderReleased = ({
  data,
  time,
  traceparent,
}: EventOf<'OrderRejected' | 'OrderCancelled'>): StockCommand => ({
  kind: 'release',
  orderId: data.orderId,
  lines: sumByProduct(data.items),
  at: fromTimestamp(time),
  traceparent,
})

/** Lines of the same product are summed. Checked one by one, both could pass where their sum cannot. */
const sumByProduct = (items: readonly StockLine[]): StockLine[] => {
  const quantities = new Map<string, number>()
  for (const { productId, quantity } of items) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity)
  }
  return Array.from(quantities, ([productId, quantity]) => ({ productId, quantity }))
}
