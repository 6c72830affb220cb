import type { DomainEvent, EventOf } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import { fromTimestamp, type Instant } from '../kernel/instant.ts'
import { type Acknowledgement, acknowledgedIds, acknowledgementOf } from '../messaging/acknowledgement.ts'
import { coalesce } from '../messaging/coalesce.ts'
import { done, type Outcome, unexpectedType } from '../messaging/consume.ts'
import type { Publish } from '../messaging/outgoing.ts'
import type { Departure } from '../messaging/row-departures.ts'
import type { SpanExport } from '../messaging/spans.ts'
import type { Bank } from './bank.ts'
import { type BankReport, isAtRest, type StepReply } from './partition/payment-partition.ts'
import { type ReportedPayment, refundedEvent, reportFor } from './payment-events.ts'
import { type BriefCause, inBrief, type PaymentCause } from './policy.ts'
import { STEPS_MAX, takeSteps } from './take-steps.ts'

/** The payment partitions, as the consumer of the inbox sees them. */
export type PaymentPartitions = {
  /** The partition of an order, or `undefined` for an id that no order can have. */
  labelOf(orderId: string): string | undefined
  begin(label: string, events: readonly BriefCause[]): Promise<StepReply[]>
  record(label: string, reports: readonly BankReport[]): Promise<StepReply[]>
  acknowledge(label: string, orderId: string, factIds: readonly string[]): Promise<void>
  letGo(label: string, departure: Departure): Promise<void>
}

type Ports = {
  partitions: PaymentPartitions
  bank: Bank
  publish: Publish
  now(): Instant
  spans?: SpanExport | undefined
}

/**
 * Handles a batch of events. Each payment goes its own way to and from the bank, so a slow call delays no other payment.
 * Calls to partitions and publications that fall together are made as one.
 */
export const respond = async (events: readonly DomainEvent[], ports: Ports): Promise<Outcome[]> => {
  const calls = gatherCalls(ports)
  return await Promise.all(
    events.map((event) =>
      respondToOne(event, ports, calls).catch((error): Outcome => ({ kind: 'retry', error: String(error) })),
    ),
  )
}

const respondToOne = async (event: DomainEvent, ports: Ports, calls: Calls): Promise<Outcome> => {
  switch (event.type) {
    case 'OrderPlaced':
    case 'OrderConfirmed':
    case 'OrderRejected':
    case 'OrderCancelled':
    case 'RefundRequested':
    case 'AuthorizationOverdue':
      return await drive(event, ports, calls)
    case 'FactNoted':
      return await acknowledge(event, ports)
    case 'OrdersArchived':
      return await letGo(event, ports)
    default:
      return unexpectedType('The payment service', event)
  }
}

/** Begins a step, calls the bank, records the result, until the payment has reached its goal. Then reports. */
const drive = async (event: PaymentCause, ports: Ports, calls: Calls): Promise<Outcome> => {
  const { partitions } = ports
  const { orderId } = event.data
  const label = partitions.labelOf(orderId)
  if (label === undefined) return unknownLabel(orderId)
  const step = await takeSteps(await calls.begin(label, inBrief(event)), event, {
    ...ports,
    record: (report) => calls.record(label, report),
  })
  const outcome = outcomeOf(step, event)
  const report = isAtRest(step.directive) && step.payment ? reportOn(event, step.payment) : undefined
  if (report !== undefined) await calls.report(report)
  return outcome
}

const acknowledge = async (event: Acknowledgement, { partitions }: Ports): Promise<Outcome> => {
  const label = partitions.labelOf(event.subject)
  if (label === undefined) return unknownLabel(event.subject)
  await partitions.acknowledge(label, event.subject, acknowledgedIds([event]))
  return done
}

/** Acknowledged once the partitions have stored what is left to do. */
const letGo = async (
  event: EventOf<'OrdersArchived'>,
  { partitions, publish, now }: Ports,
): Promise<Outcome> => {
  const { orderIds, before } = event.data
  const byLabel = Map.groupBy(orderIds, (orderId) => partitions.labelOf(orderId))
  const calls = Array.from(byLabel, async ([label, ids]) => {
    if (label === undefined) return
    await partitions.letGo(label, { eventId: event.id, orderIds: ids, before: fromTimestamp(before) })
  })
  await Promise.all(calls)
  await publish([{ to: 'order', event: acknowledgementOf([event], { service: 'payment', at: now() }) }])
  return done
}

type Calls = {
  begin(label: string, event: BriefCause): Promise<StepReply>
  record(label: string, report: BankReport): Promise<StepReply>
  report(event: DomainEvent): Promise<DomainEvent>
}

/** The calls for one payment at a time. They are gathered into calls for many. */
const gatherCalls = ({ partitions, publish }: Ports): Calls => ({
  begin: perLabel(partitions.begin),
  record: perLabel(partitions.record),
  report: coalesce(async (reports: readonly DomainEvent[]) => {
    await publish(reports.map((event) => ({ to: 'order', event })))
    return reports
  }),
})

const perLabel = <In, Out>(
  runAll: (label: string, items: readonly In[]) => Promise<Out[]>,
): ((label: string, item: In) => Promise<Out>) => {
  const byLabel = new Map<string, (item: In) => Promise<Out>>()
  return (label, item) => {
    const run = byLabel.get(label) ?? coalesce((items: readonly In[]) => runAll(label, items))
    byLabel.set(label, run)
    return run(item)
  }
}

const outcomeOf = ({ directive }: StepReply, event: PaymentCause): Outcome => {
  switch (directive.kind) {
    case 'rest':
      return done
    case 'wait':
      return {
        kind: 'retry',
        afterSeconds: directive.seconds,
        error: 'Another Worker is calling the bank, or the bank is left alone after faults.',
      }
    case 'call':
    case 'lookUp':
      return {
        kind: 'retry',
        error: `The payment has not reached its goal after ${STEPS_MAX} calls to the bank.`,
      }
    case 'failed':
      return { kind: 'retry', error: directive.error }
    case 'stuck':
      return {
        kind: 'park',
        reason: 'bank_refused',
        error: `${directive.refusal.code}: ${directive.refusal.detail}`,
      }
    case 'unknown':
      return {
        kind: 'park',
        reason: 'payment_unknown',
        error: `${event.type} came for a payment that never began.`,
      }
    default:
      return assertNever(directive)
  }
}

/** The report on a requested refund is that refund. Every other report is the payment as it stands. */
const reportOn = (cause: PaymentCause, payment: ReportedPayment): DomainEvent | undefined => {
  if (cause.type !== 'RefundRequested') return reportFor(payment, cause)
  const refund = payment.refunds.find((each) => each.refundId === cause.data.refundId)
  return refund?.state === 'succeeded' ? refundedEvent(payment, refund, cause) : undefined
}

const unknownLabel = (orderId: string): Outcome => ({
  kind: 'park',
  reason: 'unknown_partition',
  error: `No partition of this deployment holds ${orderId}: is ORDER_PARTITIONS the order Worker's?`,
})
