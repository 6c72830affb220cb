import { z } from 'zod'
import { orderSchema } from '../contracts/http/orders.ts'
import { readStored, storedType, toStored } from '../messaging/stored-document.ts'
import { inventoryStatusSchema, type Order, paymentStatusSchema, type Reason } from './order.ts'
import { type OrderView, viewOrder } from './order-view.ts'

/**
 * The parts of a cancelled order that still change: its version, its two legs, and whether it is settled, overdue or
 * stuck. Its content, its reason and the time of its cancellation never change again.
 */
const momentSchema = z.tuple([
  /* version */ z.number(),
  /* inventory */ inventoryStatusSchema,
  /* payment */ paymentStatusSchema,
  /* capturedMinor */ z.number(),
  /* refundedMinor */ z.number(),
  /* settledAt */ z.number().nullable(),
  /* overdueSince */ z.number().nullable(),
  /* stuck */ z.string().nullable(),
])

type Moment = z.infer<typeof momentSchema>

/** Older code stored the view itself. */
export const STORED_CANCELLATION = storedType(
  'response to a cancellation',
  z.union([momentSchema, orderSchema]),
)

type CancelledOrder = Extract<Order, { reason: Reason }>

/** What is stored of the response to a cancellation. Together with the later order it gives the first view again. */
export const storedCancellation = (order: CancelledOrder): string => {
  const { version, inventory, payment, settledAt = null, overdueSince = null } = order
  const { status, capturedMinor, refundedMinor, stuck = null } = payment
  const legs = [inventory.status, status, capturedMinor, refundedMinor] as const
  return toStored(STORED_CANCELLATION, [version, ...legs, settledAt, overdueSince, stuck])
}

/** The view in the first response to a cancellation. */
export const cancelledView = (stored: string, find: () => Order | undefined): OrderView => {
  const moment = readStored(STORED_CANCELLATION, stored)
  if (!Array.isArray(moment)) return moment
  const order = find()
  if (order?.status !== 'cancelled')
    throw new Error(`Broken invariant: the cancelled order has the status ${order?.status}`)
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
