import type { EventType } from './events.ts'
import type { Service } from './topology.ts'
import { ANNOUNCED } from './webhook-types.ts'

const DECISIONS = ['OrderPlaced', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled'] as const

/** The events about orders that a subscriber gets, and may get once more. For the order service: every report of a leg. */
export const REPLAYABLE = {
  inventory: DECISIONS,
  payment: DECISIONS,
  order: [
    'StockReserved',
    'StockRejected',
    'StockCommitted',
    'StockReleased',
    'PaymentAuthorized',
    'PaymentDeclined',
    'PaymentCaptured',
    'PaymentFailed',
    'PaymentVoided',
    'PaymentRefunded',
  ],
  operations: ANNOUNCED,
} as const satisfies Record<Service, readonly EventType[]>
