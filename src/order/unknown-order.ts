import { type Instant, MINUTE_MS } from '../kernel/instant.ts'
import type { Order } from './order.ts'
import type { Answer, Inquiry } from './saga.ts'

/**
 * An answer about an order that nobody placed here (an event from elsewhere on an inbox) is met with a rejection,
 * kept like any other so that it is owed until both legs have let go. Callers never see such an order.
 */
export const disown = (cause: Answer | Inquiry, currency: string, now: Instant): Order => ({
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

export const isDisowned = (order: Order): boolean => order.client === null
