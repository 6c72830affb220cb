import { expect } from 'vitest'
import type { EventType } from '../../src/contracts/events.ts'
import { type Instant, SECOND_MS } from '../../src/kernel/instant.ts'
import {
  type Order,
  type PaymentLeg,
  type Placement,
  placeOrder,
  type Reason,
  type ReasonCode,
} from '../../src/order/order.ts'
import { decide, type OrderFact, outstandingLegs } from '../../src/order/saga.ts'
import { NOW, placement } from './builders.ts'

/** Every fact comes a second after the one before; the order was placed at `NOW`. */
const nthSecond = (position: number): Instant => NOW + position * SECOND_MS

export const orderPlaced = (overrides: Partial<Placement> = {}): Order => placeOrder(placement(overrides))

export const deadlinePassed = (): OrderFact => ({ type: 'DeadlinePassed' })

export const effectOverdue = (): OrderFact => ({ type: 'EffectOverdue' })

export const cancellationRequested = (detail = 'Changed my mind.', traceparent?: string): OrderFact => ({
  type: 'CancellationRequested',
  detail,
  ...(traceparent !== undefined && { traceparent }),
})

/** What was decided, as far as a test says it. */
export type Decision = { status: Order['status']; reason?: Reason }

export const stillPending = (): Decision => ({ status: 'pending' })
export const orderConfirmed = (): Decision => ({ status: 'confirmed' })
export const orderRejected = (reason: Reason): Decision => ({ status: 'rejected', reason })
export const orderCancelled = (reason: Reason): Decision => ({ status: 'cancelled', reason })
export const because = (code: ReasonCode, detail: string): Reason => ({ code, detail })

type Legs = { inventory: Order['inventory']['status']; payment: PaymentLeg['status'] }

/** `given(orderPlaced(), stockReserved()).when(paymentDeclined()).then(orderRejected(…))` */
export const given = (order: Order, ...facts: OrderFact[]) => {
  const before = apply(order, facts, 1)
  return {
    when: (...more: OrderFact[]) => {
      const after = apply(before, more, 1 + facts.length)
      return outcome(before, after)
    },
  }
}

const apply = (order: Order, facts: readonly OrderFact[], position: number): Order =>
  facts.reduce((each, fact, index) => decide(each, fact, nthSecond(position + index)), order)

const outcome = (before: Order, after: Order) => ({
  order: after,
  // biome-ignore lint/suspicious/noThenProperty: it reads as given, when, then, and is never awaited.
  then: (expected: Decision) => expect(decisionOf(after)).toEqual(expected),
  thenNothingChanges: () => expect(after).toBe(before),
  /** The facts that took effect, in their order. */
  thenRecords: (...types: EventType[]) =>
    expect(after.history.slice(before.history.length).map((entry) => entry.type)).toEqual(types),
  thenLegs: (legs: Legs) =>
    expect({ inventory: after.inventory.status, payment: after.payment.status }).toEqual(legs),
  thenOutstanding: (...legs: string[]) => expect(outstandingLegs(after)).toEqual(legs),
  /** `position` counts the facts after the order was placed. */
  thenSettledBy: (position: number) =>
    expect('settledAt' in after && after.settledAt).toBe(nthSecond(position)),
  thenUnsettled: () => expect(after).not.toHaveProperty('settledAt'),
})

const decisionOf = (order: Order): Decision => ({
  status: order.status,
  ...('reason' in order && { reason: order.reason }),
})
