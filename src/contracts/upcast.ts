import { fromTimestamp } from '../kernel/instant.ts'
import { createEvent, type EventOf } from './events.ts'
import { type OrderPlacedVersion1, orderPlacedVersion1Schema } from './order-events.ts'

/** Version 1 of `OrderPlaced` came without an envelope. */
export const isPlainVersion1 = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'eventType' in value && !('specversion' in value)

/**
 * What is wrong with the currency that data of version 1 names. Version 1 has none, so most name none, and the
 * default one is meant; charging the default one for another would be a wrong amount.
 */
export const wrongCurrency = (data: unknown, defaultCurrency: string): string | undefined => {
  const named = typeof data === 'object' && data !== null && 'currency' in data ? data.currency : undefined
  if (named === undefined || named === null || named === defaultCurrency) return undefined
  return `must be ${defaultCurrency}: version 1 knows no other currency. Send version 2`
}

/** Version 1 knew no currency (the deployment's default is meant), no prices and no payment token. */
export const upcastOrderPlaced = (
  event: OrderPlacedVersion1,
  defaultCurrency: string,
): EventOf<'OrderPlaced'> =>
  createEvent({
    type: 'OrderPlaced',
    subject: event.orderId,
    at: fromTimestamp(event.timestamp),
    revision: 1,
    data: {
      orderId: event.orderId,
      items: event.items,
      totalAmount: event.totalAmount,
      currency: defaultCurrency,
    },
  })

/** Data of `OrderPlaced` version 1 inside an envelope: the plain event without its `eventType`. */
export const upcastOrderPlacedData = (data: unknown, time: string, defaultCurrency: string): unknown => {
  const plain = typeof data === 'object' && data !== null ? data : {}
  const parsed = orderPlacedVersion1Schema.safeParse({ timestamp: time, ...plain, eventType: 'OrderPlaced' })
  return parsed.success ? upcastOrderPlaced(parsed.data, defaultCurrency).data : data
}
