import type { DomainEvent } from '../contracts/events.ts'
import type { Instant } from '../kernel/instant.ts'
import { bankSpan, type SpanExport } from '../messaging/spans.ts'
import type { Bank } from './bank.ts'
import type { BankReport, StepReply } from './partition/payment-partition.ts'

type Ports = {
  bank: Bank
  now(): Instant
  spans?: SpanExport | undefined
  /** Records a result in the payment's partition, and begins the next step. */
  record(report: BankReport): Promise<StepReply>
}

/** Enough for all steps from the authorization to the last refund, with every fault that is met at once. */
export const STEPS_MAX = 16

/** Calls the bank and records the result, until the payment has no call that is due. */
export const takeSteps = async (
  first: StepReply,
  cause: DomainEvent | undefined,
  ports: Ports,
): Promise<StepReply> => {
  let step = first
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const result = await callBank(step.directive, cause, ports)
    if (result === undefined) break
    step = await ports.record(result)
  }
  return step
}

/** The bank's result of the call that is due. Undefined where none is due. */
const callBank = async (
  directive: StepReply['directive'],
  cause: DomainEvent | undefined,
  { bank, now, spans }: Pick<Ports, 'bank' | 'now' | 'spans'>,
): Promise<BankReport | undefined> => {
  const startedAt = now()
  if (directive.kind === 'call') {
    const { orderId, idempotencyKey, operation } = directive.call
    const { begunAt } = directive
    const answer = await bank.perform(directive.call)
    const endedAt = now()
    if (cause !== undefined) spans?.add(bankSpan(cause, operation, answer.kind, { startedAt, endedAt }))
    return { orderId, idempotencyKey, begunAt, operation, tookMs: endedAt - startedAt, answer }
  }
  if (directive.kind !== 'lookUp') return undefined
  const { orderId, idempotencyKey, begunAt } = directive
  const lookup = await bank.lookUp(directive)
  return { orderId, idempotencyKey, begunAt, tookMs: now() - startedAt, lookup }
}
