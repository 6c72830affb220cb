import type { EventOf } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import type { Instant } from '../kernel/instant.ts'
import { toMinor } from '../kernel/money.ts'
import type { Goal, Payment } from './payment.ts'

export type PaymentCause = EventOf<
  | 'OrderPlaced'
  | 'OrderConfirmed'
  | 'OrderRejected'
  | 'OrderCancelled'
  | 'RefundRequested'
  | 'AuthorizationOverdue'
>

/** As much of the event as its payment needs: it crosses to the partition without the order's items and the rest. */
export type BriefCause<Type extends PaymentCause['type'] = PaymentCause['type']> = {
  [Each in Type]: Pick<EventOf<Each>, 'type' | 'traceparent' | 'externalid' | 'redriveid'> & {
    data: Omit<EventOf<Each>['data'], 'items'>
    /** Missing where a Worker of the version before has it. */
    time?: string
  }
}[Type]

export const inBrief = ({
  type,
  time,
  traceparent,
  externalid,
  redriveid,
  data,
}: PaymentCause): BriefCause => {
  const { items: _unneeded, ...rest } = { items: [], ...data }
  const brief = {
    ...{ type, time, data: rest },
    ...(traceparent !== undefined && { traceparent }),
    ...(externalid !== undefined && { externalid }),
    ...(redriveid !== undefined && { redriveid }),
  }
  return brief as BriefCause
}

/** The payment after an event, with its new goal. Undefined where the event concerns a payment that never began. */
export const whenEvent = (
  payment: Payment | undefined,
  event: BriefCause,
  now: Instant,
): Payment | undefined => {
  const changed = whenFact(payment, event, now)
  return changed && whenRedriven(withName(changed, event), event)
}

/** A payment of an earlier version takes the order's external id from the next event. */
const withName = (payment: Payment, { externalid }: BriefCause): Payment =>
  externalid === undefined || payment.externalId !== undefined
    ? payment
    : { ...payment, externalId: externalid, revision: payment.revision + 1 }

const whenFact = (payment: Payment | undefined, event: BriefCause, now: Instant): Payment | undefined => {
  switch (event.type) {
    case 'OrderPlaced':
      return whenOrderPlaced(payment, event, now)
    case 'OrderConfirmed':
      return payment && towards(payment, 'capture')
    case 'OrderRejected':
    case 'OrderCancelled':
      return towards(payment ?? tombstone(event, now), 'return')
    case 'RefundRequested':
    case 'AuthorizationOverdue':
      return payment
    default:
      return assertNever(event)
  }
}

/**
 * After a final refusal, the bank is asked again once for each redrive by a person, however often the redriven event is
 * delivered. Repetitions by the order service change nothing.
 */
const whenRedriven = (payment: Payment, { redriveid }: BriefCause): Payment => {
  if (payment.stuck === undefined || redriveid === undefined || redriveid === payment.redriveId)
    return payment
  const { stuck: _again, ...rest } = payment
  return { ...rest, redriveId: redriveid }
}

/** A late order finds its tombstone. It only adds the client to it. */
const whenOrderPlaced = (
  payment: Payment | undefined,
  event: BriefCause<'OrderPlaced'>,
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

/** The order was released before it came, so no money moves when it comes. */
const tombstone = (event: BriefCause<'OrderRejected' | 'OrderCancelled'>, now: Instant): Payment => ({
  ...newPayment(event, now),
  client: event.data.client ?? null,
})

const newPayment = (
  { data, traceparent, externalid }: BriefCause<'OrderPlaced' | 'OrderRejected' | 'OrderCancelled'>,
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

/** A goal only moves forward. A confirmation that a cancellation has overtaken changes nothing. */
const towards = (payment: Payment, goal: Goal): Payment =>
  RANK[goal] > RANK[payment.goal] ? { ...payment, goal } : payment
