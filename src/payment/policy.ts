import type { EventOf } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import type { Instant } from '../kernel/instant.ts'
import { toMinor } from '../kernel/money.ts'
import type { Goal, Payment } from './payment.ts'

export type PaymentCause = EventOf<
  'OrderPlaced' | 'OrderConfirmed' | 'OrderRejected' | 'OrderCancelled' | 'RefundRequested'
>

/** What an event means to the payment: the payment as it is meant to be, or `undefined` where there is none to mean. */
export const whenEvent = (
  payment: Payment | undefined,
  event: PaymentCause,
  now: Instant,
): Payment | undefined => {
  const meant = whenFact(payment, event, now)
  return meant && whenRedriven(withName(meant, event), event)
}

/** A payment that an earlier version of the service began learns from the next event what the client calls the order. */
const withName = (payment: Payment, { externalid }: PaymentCause): Payment =>
  externalid === undefined || payment.externalId !== undefined
    ? payment
    : { ...payment, externalId: externalid, revision: payment.revision + 1 }

const whenFact = (payment: Payment | undefined, event: PaymentCause, now: Instant): Payment | undefined => {
  switch (event.type) {
    case 'OrderPlaced':
      return whenOrderPlaced(payment, event, now)
    case 'OrderConfirmed':
      return payment && towards(payment, 'capture')
    case 'OrderRejected':
    case 'OrderCancelled':
      return towards(payment ?? tombstone(event, now), 'return')
    case 'RefundRequested':
      return payment
    default:
      return assertNever(event)
  }
}

/**
 * What the bank refused for good it is asked again once a person has redriven the event, however often that one is
 * delivered. The owner's own repeats change nothing.
 */
const whenRedriven = (payment: Payment, { redriveid }: PaymentCause): Payment => {
  if (payment.stuck === undefined || redriveid === undefined || redriveid === payment.redriveId)
    return payment
  const { stuck: _again, ...rest } = payment
  return { ...rest, redriveId: redriveid }
}

/** A late order finds its tombstone, and is only told whose it was. */
const whenOrderPlaced = (
  payment: Payment | undefined,
  event: EventOf<'OrderPlaced'>,
  now: Instant,
): Payment => {
  const client = event.data.client ?? null
  if (payment !== undefined) {
    const isKnown = payment.client !== null || client === null
    return isKnown ? payment : { ...payment, client, revision: payment.revision + 1 }
  }
  return {
    ...newPayment(event, now),
    client,
    ...(event.data.payment && { token: event.data.payment.token }),
  }
}

/** Let go before it came: when it comes, no money moves. */
const tombstone = (event: EventOf<'OrderRejected' | 'OrderCancelled'>, now: Instant): Payment => ({
  ...newPayment(event, now),
  client: event.data.client ?? null,
})

const newPayment = (
  { data, traceparent, externalid }: EventOf<'OrderPlaced' | 'OrderRejected' | 'OrderCancelled'>,
  now: Instant,
): Payment => ({
  orderId: data.orderId,
  ...(externalid !== undefined && { externalId: externalid }),
  client: null,
  currency: data.currency,
  amountMinor: toMinor(data.totalAmount, data.currency) ?? 0,
  status: 'pending',
  goal: 'authorize',
  capturedMinor: 0,
  refundedMinor: 0,
  refunds: [],
  attempts: 0,
  revision: 1,
  createdAt: now,
  changedAt: now,
  ...(traceparent !== undefined && { traceparent }),
})

const RANK: Record<Goal, number> = { authorize: 0, capture: 1, return: 2 }

/** Goals only move forward: a confirmation that was overtaken by a cancellation is ignored. */
const towards = (payment: Payment, goal: Goal): Payment =>
  RANK[goal] > RANK[payment.goal] ? { ...payment, goal } : payment
