import type { DomainEvent } from '../contracts/events.ts'
import { assertNever } from '../kernel/assert.ts'
import { type Acknowledgement, acknowledgedIds } from '../messaging/acknowledgement.ts'
import { coalesce, type Defer } from '../messaging/coalesce.ts'
import { done, type Outcome, unexpectedType } from '../messaging/consume.ts'
import type { Publish } from '../messaging/outgoing.ts'
import type { Bank } from './bank.ts'
import type { BankReport, Turn } from './partition/payment-partition.ts'
import type { Payment } from './payment.ts'
import { answerFor, refundedEvent } from './payment-events.ts'
import type { PaymentCause } from './policy.ts'

/** The payment partitions, as the consumer of the inbox sees them. */
export type PaymentPartitions = {
  /** The partition of an order, or `undefined` for an id that no order can have. */
  labelOf(orderId: string): string | undefined
  begin(label: string, events: readonly PaymentCause[]): Promise<Turn[]>
  record(label: string, reports: readonly BankReport[]): Promise<Turn[]>
  acknowledge(label: string, orderId: string, factIds: readonly string[]): Promise<void>
}

type Ports = { partitions: PaymentPartitions; bank: Bank; publish: Publish; defer: Defer }

/** From authorization to the last refund of a cancelled order, with every fault the bank may have at once. */
const STEPS_MAX = 16

/**
 * Answers a batch of events. Each payment goes its own way to and from the bank, so that a slow call holds up no
 * other's answer; calls to partitions and publications that fall together are made as one.
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
      return await drive(event, ports, calls)
    case 'FactNoted':
      return await acknowledge(event, ports)
    default:
      return unexpectedType('The payment service', event)
  }
}

/** Begin, call the bank, record, and so on until the payment is where the event wants it; then answer. */
const drive = async (event: PaymentCause, { partitions, bank }: Ports, calls: Calls): Promise<Outcome> => {
  const { orderId } = event.data
  const label = partitions.labelOf(orderId)
  if (label === undefined) return unknownLabel(orderId)
  let turn = await calls.begin(label, event)
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const report = await askBank(bank, turn.directive)
    if (report === undefined) break
    turn = await calls.record(label, report)
  }
  const outcome = outcomeOf(turn, event)
  const isAtRest = turn.directive.kind === 'rest' || turn.directive.kind === 'stuck'
  const answer = isAtRest && turn.payment !== null ? answerTo(event, turn.payment) : undefined
  if (answer !== undefined) await calls.answer(answer)
  return outcome
}

const acknowledge = async (event: Acknowledgement, { partitions }: Ports): Promise<Outcome> => {
  const label = partitions.labelOf(event.subject)
  if (label === undefined) return unknownLabel(event.subject)
  await partitions.acknowledge(label, event.subject, acknowledgedIds([event]))
  return done
}

/** What the bank said to the call that is due, or `undefined` where none is. */
const askBank = async (bank: Bank, directive: Turn['directive']): Promise<BankReport | undefined> => {
  if (directive.kind === 'call') {
    const { orderId, idempotencyKey } = directive.call
    const { begunAt } = directive
    return { orderId, idempotencyKey, begunAt, answer: await bank.perform(directive.call) }
  }
  if (directive.kind !== 'lookUp') return undefined
  const { orderId, idempotencyKey, begunAt } = directive
  return { orderId, idempotencyKey, begunAt, lookup: await bank.lookUp(orderId) }
}

type Calls = {
  begin(label: string, event: PaymentCause): Promise<Turn>
  record(label: string, report: BankReport): Promise<Turn>
  answer(event: DomainEvent): Promise<DomainEvent>
}

/** The same calls for one payment at a time, gathered into calls for many. */
const gatherCalls = ({ partitions, publish, defer }: Ports): Calls => ({
  begin: perLabel(partitions.begin, defer),
  record: perLabel(partitions.record, defer),
  answer: coalesce(async (answers: readonly DomainEvent[]) => {
    await publish(answers.map((event) => ({ to: 'order', event })))
    return answers
  }, defer),
})

const perLabel = <In, Out>(
  runAll: (label: string, items: readonly In[]) => Promise<Out[]>,
  defer: Defer,
): ((label: string, item: In) => Promise<Out>) => {
  const byLabel = new Map<string, (item: In) => Promise<Out>>()
  return (label, item) => {
    const run = byLabel.get(label) ?? coalesce((items: readonly In[]) => runAll(label, items), defer)
    byLabel.set(label, run)
    return run(item)
  }
}

const outcomeOf = ({ directive }: Turn, event: PaymentCause): Outcome => {
  switch (directive.kind) {
    case 'rest':
      return done
    case 'wait':
      return {
        kind: 'retry',
        afterSeconds: directive.seconds,
        error: 'the bank is being asked, or left alone',
      }
    case 'call':
    case 'lookUp':
      return { kind: 'retry', error: `still not done after ${STEPS_MAX} calls to the bank` }
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

/** A refund that was asked for is answered with that refund, everything else with the payment as it stands. */
const answerTo = (cause: PaymentCause, payment: Payment): DomainEvent | undefined => {
  if (cause.type !== 'RefundRequested') return answerFor(payment, cause)
  const refund = payment.refunds.find((each) => each.refundId === cause.data.refundId)
  return refund?.state === 'succeeded' ? refundedEvent(payment, refund, cause) : undefined
}

const unknownLabel = (orderId: string): Outcome => ({
  kind: 'park',
  reason: 'unknown_partition',
  error: `No partition of this deployment holds ${orderId}: is ORDER_PARTITIONS the order Worker's?`,
})
