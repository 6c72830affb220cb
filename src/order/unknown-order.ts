import { type Instant, MINUTE_MS } from '../kernel/instant.ts'
import type { Order } from './order.ts'
import type { LegInquiry, LegReport } from './saga.ts'

/**
 * Rejects an order that was never placed here: a leg reports on it, because an event from elsewhere reached the leg's
 * inbox. The rejection is stored like any other, so it is published again until both legs have released what they
 * hold. No caller ever sees such an order.
 */
export const rejectUnknownOrder = (cause: LegReport | LegInquiry, currency: string, now: Instant): Order => ({
  orderId: cause.subject,
  client: null,
  placedAt: now,
  deadlineAt: now + MINUTE_MS,
  currency,
  totalMinor: 0,
  lines: [],
  version: 1,
  status: 'rejected',
  decidedAt: now,
  reason: { code: 'unknown_order', detail: 'No such order was placed.' },
  inventory: { status: 'pending' },
  payment: { status: 'pending', capturedMinor: 0, refundedMinor: 0 },
  history: [
    {
      type: 'OrderRejected',
      at: now,
      revision: 1,
      hops: cause.hops + 1,
      causationId: cause.id,
      ...(cause.traceparent !== undefined && { traceparent: cause.traceparent }),
    },
  ],
})

export const isUnknownOrder = (order: Order): boolean => order.client === null
