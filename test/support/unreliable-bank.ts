import { type Instant, MINUTE_MS } from '../../src/kernel/instant.ts'
import type { BankCall, BankLookup, BankRecord, BankResult } from '../../src/payment/bank.ts'

/** The fate of a call on its way to the bank and back. */
export type BankFate =
  | 'fine'
  | 'error'
  | 'error, but done'
  | 'no response'
  | 'no response, but done'
  /** The call is still on its way when it is given up, and is carried out within `LATE_MS`. */
  | 'no response, and done late'
  | 'crash, and done late'
  /** The caller crashes before it records the response. */
  | 'crash'
  | 'crash, but done'

/** A bank forgets its idempotency keys after a day: the same call again is then another operation. */
const KEY_MEMORY_MS = 24 * 60 * MINUTE_MS

/** A call that was given up after five seconds is dead or done this long after it was made. */
const LATE_MS = 20_000

type Operation = BankRecord & { authorizationId: string; at: Instant }

/** A bank with correct books that decides by `approves`, and loses responses as each fate demands. */
export const createUnreliableBank = (approves: (call: BankCall) => boolean) => {
  const operations: Operation[] = []
  const succeeded = (operation: BankCall['operation']) =>
    operations.filter((each) => each.operation === operation && each.outcome === 'succeeded')
  const sum = (operation: BankCall['operation']) =>
    succeeded(operation).reduce((total, { amountMinor }) => total + amountMinor, 0)

  const hasCover = ({ operation, amountMinor }: BankCall): boolean => {
    if (operation === 'authorize') return true
    const held = sum('authorize') - sum('capture') - sum('void')
    const left = sum('capture') - sum('refund')
    return amountMinor <= (operation === 'refund' ? left : held)
  }

  const carryOut = (call: BankCall, now: Instant): BankResult => {
    const { operation, idempotencyKey, amountMinor } = call
    const known = operations.find(
      (each) => each.idempotencyKey === idempotencyKey && now - each.at < KEY_MEMORY_MS,
    )
    if (known !== undefined) return answerOf(known)
    const reference = `${operation}_${operations.length + 1}`
    const outcome = approves(call) && hasCover(call) ? 'succeeded' : 'declined'
    const authorizationId = call.authorizationId ?? reference
    const entry: Operation = {
      operation,
      idempotencyKey,
      amountMinor,
      outcome,
      reference,
      authorizationId,
      at: now,
    }
    operations.push(entry)
    return answerOf(entry)
  }

  let late: { call: BankCall; at: Instant }[] = []
  /** Carries out the calls that were under way until then. */
  const catchUp = (now: Instant): void => {
    const arrived = late.filter(({ at }) => at <= now)
    late = late.filter(({ at }) => at > now)
    for (const { call, at } of arrived) carryOut(call, at)
  }

  return {
    catchUp,
    /** The response that arrives; `undefined` if the caller has crashed. */
    perform: (call: BankCall, fate: BankFate, now: Instant): BankResult | undefined => {
      catchUp(now)
      if (fate.endsWith('done late')) late.push({ call, at: now + LATE_MS })
      const isDone = fate === 'fine' || fate.endsWith('but done')
      const answer = isDone ? carryOut(call, now) : undefined
      if (fate === 'fine') return answer
      if (fate.startsWith('crash')) return undefined
      return fate.startsWith('error')
        ? { kind: 'error', detail: 'The bank answered 500.' }
        : { kind: 'unknown', detail: 'no answer within 5000 ms' }
    },
    lookUp: (fate: BankFate, now: Instant): BankLookup | undefined => {
      catchUp(now)
      if (fate.startsWith('crash')) return undefined
      return fate === 'fine'
        ? { kind: 'found', records: operations }
        : { kind: 'unknown', detail: 'no response' }
    },
    count: (operation: BankCall['operation']) => succeeded(operation).length,
    balance: () => ({
      heldMinor: sum('authorize') - sum('capture') - sum('void'),
      capturedMinor: sum('capture'),
      refundedMinor: sum('refund'),
    }),
  }
}

const answerOf = (operation: Operation): BankResult =>
  operation.outcome === 'succeeded'
    ? { kind: 'succeeded', reference: operation.reference }
    : { kind: 'declined', code: 'refused', detail: 'The bank refused.' }

export type UnreliableBank = ReturnType<typeof createUnreliableBank>
