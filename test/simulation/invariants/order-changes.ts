import type { Order } from '../../../src/order/order.ts'
import { outstandingLegs } from '../../../src/order/saga.ts'
import type { Platform } from '../platform/platform.ts'

/** A decision stays, except that a confirmed order may be cancelled. */
const SUCCESSORS: Record<Order['status'], readonly Order['status'][]> = {
  pending: ['pending', 'confirmed', 'rejected', 'cancelled'],
  confirmed: ['confirmed', 'cancelled'],
  rejected: ['rejected'],
  cancelled: ['cancelled'],
}

/** What one commit may change of an order. */
export const checkChange = (platform: Platform, before: Order, after: Order): void => {
  const { orderId } = after
  if (!SUCCESSORS[before.status].includes(after.status)) {
    platform.violated('a decision never changes', `${orderId} was ${before.status} and is ${after.status}`)
  }
  if (after.version <= before.version) {
    platform.violated('versions only grow', `${orderId} changed at version ${after.version}`)
  }
  const wasSettled = 'settledAt' in before && before.settledAt !== undefined
  const isSettled = 'settledAt' in after && after.settledAt !== undefined
  if (isSettled && outstandingLegs(after).length > 0) {
    platform.violated(
      'settled means that every effect is done',
      `${orderId} is ${after.status}, inventory ${after.inventory.status}, payment ${after.payment.status}`,
    )
  }
  if (wasSettled && !isSettled && before.status === after.status) {
    platform.violated('a settled order stays settled', `${orderId} is ${after.status} and was settled`)
  }
  if (
    after.payment.capturedMinor !== 0 &&
    after.payment.capturedMinor !== after.totalMinor &&
    after.client !== null
  ) {
    platform.violated(
      'captured is nothing or the total',
      `${orderId}: ${after.payment.capturedMinor} of ${after.totalMinor}`,
    )
  }
}
