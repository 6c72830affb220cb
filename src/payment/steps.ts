import { assertNever } from '../kernel/assert.ts'
import { type Instant, MINUTE_MS, SECOND_MS } from '../kernel/instant.ts'
import {
  BANK_TIMEOUT_MS,
  type BankCall,
  type BankLookup,
  type BankOperation,
  type BankQuestion,
  type BankRecord,
  type BankResult,
} from './bank.ts'
import { changed, type Payment, pendingRefund, type Refusal, refundable, type Step } from './payment.ts'
import { isRefusedRelease } from './release.ts'
import { keyOf, stepKeyPrefix } from './step-keys.ts'

/** Longer than the bank's call and the recording of its result take. Afterwards another Worker takes the step over. */
const LEASE_MS = BANK_TIMEOUT_MS + 5 * SECOND_MS
/** Banks remember a key for 24 hours. After that, a call with the same key could charge a second time. */
const KEY_LIFE_MS = 23 * 60 * MINUTE_MS
/** For this long, a call without a response may still have its effect. No other key is used meanwhile. */
const ON_ITS_WAY_MS = 30 * SECOND_MS
/** After so many faults of the bank the next call is made at once. Later calls wait. */
const FAULTS_AT_ONCE_MAX = 3
const FAULT_PAUSE_MS_MAX = 30 * SECOND_MS

/** The id of the refund that a cancellation makes. Callers' refunds have other ids. */
const CANCELLATION_REFUND = 'cancellation'

/** The call that a result belongs to. A late Worker may report it after others have gone on, so it names when it was begun. */
export type Asked = { idempotencyKey: string; begunAt: Instant }

/** The next thing to do for a payment. */
export type Directive =
  | { kind: 'call'; call: BankCall; begunAt: Instant }
  | ({ kind: 'lookUp' } & BankQuestion & Asked)
  | { kind: 'wait'; seconds: number }
  /** Nothing: the payment has reached its goal. */
  | { kind: 'rest' }
  | { kind: 'stuck'; refusal: Refusal }

/**
 * Begins the next step towards the goal. Returns the payment, which has to be stored before the bank is called, and the
 * call. A step that was begun is finished before any other: it may have had its effect.
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

/** A refused void is tried again under the next key. A refused refund is followed by a refund with another id. */
const firstKey = ({ refusedKeyNumber = 0 }: Payment, operation: BankOperation): { keyNumber: number } => ({
  keyNumber: operation === 'void' ? refusedKeyNumber + 1 : 1,
})

const NEW_STEP = { begunAt: 0, busyUntil: 0, mustLookUp: false, isAsked: false, faults: 0 }

/** The former lease holder may have stopped while its call is still on its way. */
const takenOver = (step: Step, now: Instant): Step => ({
  ...step,
  mustLookUp: step.mustLookUp || now - step.keyUsedAt > KEY_LIFE_MS,
  ...(step.isAsked && { unansweredAt: now }),
})

/**
 * Records the result of a call. The result of a call that is no longer open changes nothing. A success or a refusal under
 * the current key counts from any Worker. Only the lease holder may report an error or an unknown result: a late report
 * from a former holder would end the current holder's lease.
 */
export const recordResult = (
  payment: Payment,
  { idempotencyKey, begunAt }: Asked,
  result: BankResult,
  now: Instant,
): Payment => {
  const { step } = payment
  if (step === undefined || keyOf(payment.orderId, step) !== idempotencyKey) return payment
  switch (result.kind) {
    case 'succeeded':
      return succeeded(withoutStep(payment), step, result.reference, now)
    case 'opened':
      return opened(payment, step, result.reference, now)
    case 'declined':
      return declined(withoutStep(payment), step, { code: result.code, detail: result.detail }, now)
    case 'error':
      if (step.begunAt !== begunAt) return payment
      return faulted(
        payment,
        { ...step, mustLookUp: true, ...(result.mayShowLate && { unansweredAt: now }) },
        now,
      )
    case 'unknown':
      if (step.begunAt !== begunAt) return payment
      return faulted(payment, { ...step, unansweredAt: now }, now)
    default:
      return assertNever(result)
  }
}

/**
 * Records a look-up at the bank: the open call had its effect after all, or it had none and may be made again. Only the
 * lease holder may report that the bank has no record: in a late report, the look-up is older than it seems.
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

/** Records what the bank's books say of the open step, for a caller that does not hold its lease: only a success counts. */
export const recordDone = (payment: Payment, records: readonly BankRecord[], now: Instant): Payment => {
  const { step } = payment
  const done = step && doneIn(records, payment, step)
  if (step === undefined || done === undefined) return payment
  return succeeded(withoutStep(payment), step, done.reference, now)
}

const doneIn = (records: readonly BankRecord[], payment: Payment, step: Step): BankRecord | undefined => {
  const keys = stepKeyPrefix(payment.orderId, step)
  return records.find((record) => record.outcome === 'succeeded' && record.idempotencyKey.startsWith(keys))
}

/** The payment after all that follows from its goal without a call. An intent that the bank has opened has to be closed. */
const prepare = (payment: Payment, now: Instant): Payment => {
  if (payment.goal !== 'return' || payment.step !== undefined) return payment
  if (payment.status === 'pending' && payment.authorizationId === undefined) {
    return changed({ ...payment, status: 'voided' }, now)
  }
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

/** One is enough, unless a refund that was under way at the cancellation is declined later. */
const nextCancellationRefund = ({ refunds }: Payment): string => {
  const known = refunds.filter(({ refundId }) => isCancellationRefund(refundId)).length
  return known === 0 ? CANCELLATION_REFUND : `${CANCELLATION_REFUND}-${known + 1}`
}

const isCancellationRefund = (refundId: string | undefined): boolean =>
  refundId?.startsWith(CANCELLATION_REFUND) ?? false

const wantedStep = (payment: Payment): { operation: BankOperation; refundId?: string } | undefined => {
  if (payment.status === 'pending') return { operation: payment.goal === 'return' ? 'void' : 'authorize' }
  if (payment.status === 'authorized') {
    if (payment.goal === 'return' || payment.refusal !== undefined) return { operation: 'void' }
    return payment.goal === 'capture' ? { operation: 'capture' } : undefined
  }
  const refund = pendingRefund(payment)
  return refund === undefined ? undefined : { operation: 'refund', refundId: refund.refundId }
}

/** The payment is stored before the call is made: from then on the call may have had its effect. */
const lease = (payment: Payment, step: Step, now: Instant): { payment: Payment; directive: Directive } => {
  const leased = { ...step, begunAt: now, busyUntil: now + LEASE_MS, isAsked: !step.mustLookUp }
  const begun = { ...payment, step: leased, attempts: payment.attempts + 1 }
  const idempotencyKey = keyOf(payment.orderId, step)
  const directive: Directive = step.mustLookUp
    ? { kind: 'lookUp', ...questionAbout(payment), idempotencyKey, begunAt: now }
    : { kind: 'call', call: callFor(payment, step, idempotencyKey), begunAt: now }
  return { payment: changed(begun, now), directive }
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

/** The order's books at the bank. */
export const questionAbout = ({ orderId, currency, authorizationId }: Payment): BankQuestion => ({
  ...{ orderId, currency },
  ...(authorizationId !== undefined && { authorizationId }),
})

const amountOf = (payment: Payment, step: Step): number =>
  step.operation === 'refund'
    ? (payment.refunds.find((refund) => refund.refundId === step.refundId)?.amountMinor ?? 0)
    : payment.amountMinor

/** The step goes on at once, with the intent that the bank has made. */
const opened = (payment: Payment, step: Step, intentId: string, now: Instant): Payment =>
  payment.authorizationId === undefined
    ? changed(
        { ...payment, authorizationId: intentId, step: { ...step, busyUntil: now, isAsked: false } },
        now,
      )
    : payment

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

/** The bank refused. A final refusal of a step that has to be made needs a person. */
const declined = (payment: Payment, step: Step, refusal: Refusal, now: Instant): Payment => {
  switch (step.operation) {
    case 'authorize':
      return changed({ ...payment, status: 'declined', refusal }, now)
    case 'capture':
      return changed({ ...payment, refusal }, now)
    case 'void':
      return payment.refusal === undefined || isRefusedRelease(payment)
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

/** The result is open, so the step stays. It is taken again at once, or after a pause that grows. */
const faulted = (payment: Payment, step: Step, now: Instant): Payment => {
  const faults = step.faults + 1
  const pause = faults <= FAULTS_AT_ONCE_MAX ? 0 : 2 ** (faults - FAULTS_AT_ONCE_MAX) * SECOND_MS
  const busyUntil = now + Math.min(pause, FAULT_PAUSE_MS_MAX)
  return changed({ ...payment, step: { ...step, faults, busyUntil, isAsked: false } }, now)
}

const withoutStep = ({ step: _done, ...payment }: Payment): Payment => payment

const secondsUntil = (instant: Instant, now: Instant): number =>
  Math.max(1, Math.ceil((instant - now) / SECOND_MS))
