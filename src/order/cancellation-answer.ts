import type { InventoryStatus, Order, PaymentStatus, Reason } from './order.ts'
import { type OrderView, viewOrder } from './order-view.ts'

/**
 * The parts of a cancelled order that still change: its version, its two legs, and whether it is settled, overdue or
 * stuck. Its content, its reason and the time of its cancellation never change again.
 */
type Moment = [
  version: number,
  inventory: InventoryStatus,
  payment: PaymentStatus,
  capturedMinor: number,
  refundedMinor: number,
  settledAt: number | null,
  overdueSince: number | null,
  stuck: string | null,
]

type CancelledOrder = Extract<Order, { reason: Reason }>

/** What is stored of the response to a cancellation. Together with the later order it gives the first view again. */
export const storedCancellation = (order: CancelledOrder): string => {
  const { version, inventory, payment, settledAt = null, overdueSince = null } = order
  const { status, capturedMinor, refundedMinor, stuck = null } = payment
  const legs = [inventory.status, status, capturedMinor, refundedMinor] as const
  return JSON.stringify([version, ...legs, settledAt, overdueSince, stuck] satisfies Moment)
}

/** The view in the first response to a cancellation. Older code stored the view itself. */
export const cancelledView = (stored: string, find: () => Order | undefined): OrderView => {
  const moment = JSON.parse(stored) as Moment | OrderView
  if (!Array.isArray(moment)) return moment
  const order = find()
  if (order?.status !== 'cancelled') throw new Error('Broken invariant: a cancelled order is not cancelled')
  return viewOrder(asOf(order, moment))
}

const asOf = (order: CancelledOrder, moment: Moment): Order => {
  const [version, inventory, status, capturedMinor, refundedMinor, settledAt, overdueSince, stuck] = moment
  const { settledAt: _later, overdueSince: _longer, ...rest } = order
  return {
    ...rest,
    version,
    inventory: { status: inventory },
    payment: { status, capturedMinor, refundedMinor, ...(stuck !== null && { stuck }) },
    ...(settledAt !== null && { settledAt }),
    ...(overdueSince !== null && { overdueSince }),
  }
}
