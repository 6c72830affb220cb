import type { FaultPlan } from './fault-plan.ts'

/**
 * A message as it is sent during a deployment: some of its events come from older code, some from newer. Older code does
 * not send text.
 */
export const asDeployed = (body: unknown, faults: FaultPlan): unknown => {
  if (typeof body !== 'string') return body
  const events: unknown[] = JSON.parse(body).map((event: unknown) => asSent(event, faults))
  return faults.hits('olderCode') ? events : JSON.stringify(events)
}

const asSent = (event: unknown, faults: FaultPlan): unknown => {
  if (typeof event !== 'object' || event === null || !('data' in event)) return event
  if (faults.hits('newerCode')) return withMore(event)
  const isOld = 'type' in event && event.type === 'OrderPlaced' && faults.hits('olderCode')
  return isOld ? asVersion1(event) : event
}

/** The same version with fields that this code does not know. It must ignore them. */
const withMore = <Event extends { data: unknown }>(event: Event): unknown => ({
  ...event,
  futureattribute: 'of the next release',
  data: { ...(event.data as object), futureField: { isKnown: false } },
})

/** The plain event of the producers before there was an envelope. */
const asVersion1 = (event: object): unknown => {
  const { time, data } = event as { time: string; data: Placed }
  const items = data.items.map(({ productId, quantity }) => ({ productId, quantity }))
  const { orderId, totalAmount } = data
  return { eventType: 'OrderPlaced', orderId, items, totalAmount, timestamp: time }
}

type Placed = {
  orderId: string
  totalAmount: number
  items: readonly { productId: string; quantity: number }[]
}
