import { assertNever } from '../kernel/assert.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts'
import {
  BANK_TIMEOUT_MS,
  type BankAnswer,
  type BankCall,
  type BankLookup,
  type BankOperation,
  type BankRecord,
} from './bank.ts'
import {
  type Payment,
  pendingRefund,
  type Refusal,
  refundable,
  type Step,
  withoutUsedToken,
} from './payment.ts'

/** Longer than the bank may take and its answer needs to be recorded; after it another worker takes over. */
const LEASE_MS = BANK_TIMEOUT_MS + 5 * SECOND_MS
/** Banks remember a key for 24 hours; after that the same key could be a second charge. */
const KEY_LIFE_MS = 23 * 60 * MINUTE_MS
/** A call that got no answer may still be carried out for so long; no other key is taken meanwhile. */
const ON_ITS_WAY_MS = 30 * SECOND_MS
/** Faults of the bank that are met at once; after these it is left alone for a while. */
const FAULTS_AT_ONCE_MAX = 3
const FAULT_PAUSE_MS_MAX = 30 * SECOND_MS

/** The refund that a cancellation makes, as opposed to those that callers ask for. */
const CANCELLATION_REFUND = 'cancellation'

/** What the bank was asked, and when that was begun: whoever was away for long may tell of it when others have gone on. */
export type Asked = { idempotencyKey: string; begunAt: Instant }

/** What to do next about a payment. */
export type Directive =
  | { kind: 'call'; call: BankCall; begunAt: Instant }
  | ({ kind: 'lookUp'; orderId: string } & Asked)
  | { kind: 'wait'; seconds: number }
  /** Nothing: the payment is where the order wants it. */
  | { kind: 'rest' }
  | { kind: 'stuck'; refusal: Refusal }

/**
 * Takes the next step towards the goal: the payment as it is to be stored before the bank is called, and the call.
 * A step that was begun is finished before any other, so that nothing is ever taken as not happened.
 */
export const begin = (payment: Payment, now: Instant): { payment: Payment; directive: Directive } => {
  const prepared = prepare(payment, now)
  const { step } = prepared
  if (step !== undefined && now < step.busyUntil) {
    return { payment: prepared, directive: { kind: 'wait', seconds: secondsUntil(step.busyUntil, now) } }
  }
  if (step !== undefined) return lease(prepared, takenOver(step, now), now)
  const wanted = wantedStep(prepared)
  if (prepared.stuck !== undefined && wanted?.operation !== 'refund') {
    return { payment: prepared, directive: { kind: 'stuck', refusal: prepared.stuck } }
  }
  return wanted === undefined
    ? { payment: prepared, directive: { kind: 'rest' } }
    : lease(
        prepared,
        { ...wanted, ...NEW_STEP, ...firstKey(prepared, wanted.operation), keyUsedAt: now },
        now,
      )
}

/** A void that was refused is tried again under the next key; a refund that was refused has another name then. */
const firstKey = ({ refusedKeyNumber = 0 }: Payment, operation: BankOperation): { keyNumber: number } => ({
  keyNumber: operation === 'void' ? refusedKeyNumber + 1 : 1,
})

const NEW_STEP = { begunAt: 0, busyUntil: 0, mustLookUp: false, isAsked: false, faults: 0 }

/** Whoever had the step may be gone, and the call it made still on its way. */
const takenOver = (step: Step, now: Instant): Step => ({
  ...step,
  mustLookUp: step.mustLookUp || now - step.keyUsedAt > KEY_LIFE_MS,
  ...(step.isAsked && { unansweredAt: now }),
})

/**
 * Takes in what the bank said to a call; an answer to a call that is no longer open changes nothing. What was done or
 * declined under the key counts whoever heard it. That nothing is known counts from whoever has the step: told late,
 * it would end the lease of another's call.
 */
export const recordAnswer = (
  payment: Payment,
  { idempotencyKey, begunAt }: Asked,
  answer: BankAnswer,
  now: Instant,
): Payment => {
  const { step } = payment
  if (step === undefined || keyOf(payment.orderId, step) !== idempotencyKey) return payment
  switch (answer.kind) {
    case 'succeeded':
      return succeeded(withoutStep(payment), step, answer.reference, now)
    case 'declined':
      return declined(withoutStep(payment), step, { code: answer.code, detail: answer.detail }, now)
    case 'error':
      if (step.begunAt !== begunAt) return payment
      return faulted(payment, { ...step, mustLookUp: true }, now)
    case 'unknown':
      if (step.begunAt !== begunAt) return payment
      return faulted(payment, { ...step, unansweredAt: now }, now)
    default:
      return assertNever(answer)
  }
}

/**
 * Takes in the bank's books: what the open call did after all, or that it did nothing and may be tried anew. What is
 * not in them counts from whoever has the step: told late, the books are older than they look.
 */
export const recordLookup = (
  payment: Payment,
  { idempotencyKey, begunAt }: Asked,
  lookup: BankLookup,
  now: Instant,
): Payment => {
  const { step } = payment
  if (step === undefined || keyOf(payment.orderId, step) !== idempotencyKey) return payment
  const done = lookup.kind === 'found' ? doneIn(lookup.records, payment, step) : undefined
  if (done !== undefined) return succeeded(withoutStep(payment), step, done.reference, now)
  if (step.begunAt !== begunAt) return payment
  if (lookup.kind === 'unknown') return faulted(payment, step, now)
  const arrivesBy = step.unansweredAt === undefined ? step.begunAt : step.unansweredAt + ON_ITS_WAY_MS
  if (step.begunAt < arrivesBy) {
    return changed({ ...payment, step: { ...step, busyUntil: Math.max(arrivesBy, now) } }, now)
  }
  const wanted = wantedStep(prepare(withoutStep(payment), now))
  const isStillWanted = wanted?.operation === step.operation && wanted.refundId === step.refundId
  if (!isStillWanted) return changed(withoutStep(payment), now)
  const { unansweredAt: _arrived, ...rest } = step
  const renewed = {
    ...{ ...rest, keyNumber: step.keyNumber + 1, keyUsedAt: now },
    ...{ busyUntil: now, mustLookUp: false },
  }
  return changed({ ...payment, step: renewed }, now)
}

const doneIn = (records: readonly BankRecord[], payment: Payment, step: Step): BankRecord | undefined => {
  const keys = stepKeyPrefix(payment.orderId, step)
  return records.find((record) => record.outcome === 'succeeded' && record.idempotencyKey.startsWith(keys))
}

/** What follows from the goal without a call. */
const prepare = (payment: Payment, now: Instant): Payment => {
  if (payment.goal !== 'return' || payment.step !== undefined) return payment
  if (payment.status === 'pending') return changed({ ...payment, status: 'voided' }, now)
  const left = refundable(payment)
  if (payment.status !== 'captured' || left === 0 || payment.stuck !== undefined) return payment
  const refund = {
    refundId: nextCancellationRefund(payment),
    amountMinor: left,
    requestedAt: now,
    state: 'pending' as const,
    isNoted: false,
  }
  return changed({ ...payment, refunds: [...payment.refunds, refund] }, now)
}

/** One is enough, unless a refund that was under way when the order was cancelled is declined later. */
const nextCancellationRefund = ({ refunds }: Payment): string => {
  const known = refunds.filter(({ refundId }) => isCancellationRefund(refundId)).length
  return known === 0 ? CANCELLATION_REFUND : `${CANCELLATION_REFUND}-${known + 1}`
}

const isCancellationRefund = (refundId: string | undefined): boolean =>
  refundId?.startsWith(CANCELLATION_REFUND) ?? false

const wantedStep = (payment: Payment): { operation: BankOperation; refundId?: string } | undefined => {
  if (payment.status === 'pending') return payment.goal === 'return' ? undefined : { operation: 'authorize' }
  if (payment.status === 'authorized') {
    if (payment.goal === 'return' || payment.refusal !== undefined) return { operation: 'void' }
    return payment.goal === 'capture' ? { operation: 'capture' } : undefined
  }
  const refund = pendingRefund(payment)
  return refund === undefined ? undefined : { operation: 'refund', refundId: refund.refundId }
}

/** Stored before the call is made: from then on it may have happened. */
const lease = (payment: Payment, step: Step, now: Instant): { payment: Payment; directive: Directive } => {
  const held = { ...step, begunAt: now, busyUntil: now + LEASE_MS, isAsked: !step.mustLookUp }
  const leased = { ...payment, step: held, attempts: payment.attempts + 1 }
  const idempotencyKey = keyOf(payment.orderId, step)
  const directive: Directive = step.mustLookUp
    ? { kind: 'lookUp', orderId: payment.orderId, idempotencyKey, begunAt: now }
    : { kind: 'call', call: callFor(payment, step, idempotencyKey), begunAt: now }
  return { payment: changed(leased, now), directive }
}

const callFor = (payment: Payment, step: Step, idempotencyKey: string): BankCall => ({
  operation: step.operation,
  orderId: payment.orderId,
  amountMinor: amountOf(payment, step),
  currency: payment.currency,
  ...(step.operation === 'authorize' && payment.token !== undefined && { token: payment.token }),
  ...(payment.authorizationId !== undefined && { authorizationId: payment.authorizationId }),
  idempotencyKey,
})

const amountOf = (payment: Payment, step: Step): number =>
  step.operation === 'refund'
    ? (payment.refunds.find((refund) => refund.refundId === step.refundId)?.amountMinor ?? 0)
    : payment.amountMinor

const succeeded = (payment: Payment, step: Step, reference: string, now: Instant): Payment => {
  switch (step.operation) {
    case 'authorize':
      return changed({ ...payment, status: 'authorized', authorizationId: reference }, now)
    case 'capture':
      return changed({ ...payment, status: 'captured', capturedMinor: payment.amountMinor }, now)
    case 'void':
      return changed({ ...payment, status: payment.refusal === undefined ? 'voided' : 'failed' }, now)
    case 'refund':
      return refunded(payment, step, now)
    default:
      return assertNever(step.operation)
  }
}

const refunded = (payment: Payment, step: Step, now: Instant): Payment => {
  const refundedMinor = payment.refundedMinor + amountOf(payment, step)
  const refunds = markRefund(payment, step, 'succeeded')
  if (refundedMinor < payment.capturedMinor) return changed({ ...payment, refundedMinor, refunds }, now)
  const { stuck: _solved, ...solved } = payment
  return changed({ ...solved, status: 'refunded', refundedMinor, refunds }, now)
}

/** The bank decided against it. What must be done and is refused for good needs a person. */
const declined = (payment: Payment, step: Step, refusal: Refusal, now: Instant): Payment => {
  switch (step.operation) {
    case 'authorize':
      return changed({ ...payment, status: 'declined', refusal }, now)
    case 'capture':
      return changed({ ...payment, refusal }, now)
    case 'void':
      return payment.refusal === undefined
        ? changed({ ...payment, stuck: refusal, refusedKeyNumber: step.keyNumber }, now)
        : changed({ ...payment, status: 'failed' }, now)
    case 'refund': {
      const isForCancellation = isCancellationRefund(step.refundId)
      const refunds = markRefund(payment, step, 'failed')
      return changed({ ...payment, refunds, ...(isForCancellation && { stuck: refusal }) }, now)
    }
    default:
      return assertNever(step.operation)
  }
}

const markRefund = (payment: Payment, step: Step, state: 'succeeded' | 'failed') =>
  payment.refunds.map((refund) => (refund.refundId === step.refundId ? { ...refund, state } : refund))

/** The outcome is open: the step stays, and is taken again at once or after a pause that grows. */
const faulted = (payment: Payment, step: Step, now: Instant): Payment => {
  const faults = step.faults + 1
  const pause = faults <= FAULTS_AT_ONCE_MAX ? 0 : 2 ** (faults - FAULTS_AT_ONCE_MAX) * SECOND_MS
  const busyUntil = now + Math.min(pause, FAULT_PAUSE_MS_MAX)
  return changed({ ...payment, step: { ...step, faults, busyUntil, isAsked: false } }, now)
}

const withoutStep = ({ step: _done, ...payment }: Payment): Payment => payment

const changed = (payment: Payment, now: Instant): Payment => ({
  ...withoutUsedToken(payment),
  revision: payment.revision + 1,
  changedAt: now,
})

/** Under every key of a step the bank does the same thing. */
const stepKeyPrefix = (orderId: string, step: Step): string =>
  `${orderId}/${step.refundId === undefined ? step.operation : `refund-${step.refundId}`}/`

const keyOf = (orderId: string, step: Step): string => `${stepKeyPrefix(orderId, step)}${step.keyNumber}`

const secondsUntil = (instant: Instant, now: Instant): number =>
  Math.max(1, Math.ceil((instant - now) / SECOND_MS))
