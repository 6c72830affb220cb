import type { Instant } from '../../../src/kernel/instant.ts'
import type { BankCall, BankOperation, BankRecord, BankResult } from '../../../src/payment/bank.ts'
import type { Platform } from './platform.ts'

/** Banks remember an idempotency key for a day. */
const KEY_LIFE_MS = 24 * 3_600_000

/** How the bank treats one order. */
export type BankProfile = {
  declines?: boolean
  /** It refuses this operation for good. */
  refuses?: BankOperation
  /** It fails this many calls of an operation before it does one. */
  failsFirst?: { operation: BankOperation; times: number }
}

type Entry = BankRecord & { authorizationId: string; at: Instant }

type Remembered = { content: string; result: BankResult; at: Instant }

/** The sum of what the bank did for an order, in minor units. */
export type BankBalance = {
  authorizations: number
  captures: number
  heldMinor: number
  capturedMinor: number
  refundedMinor: number
}

/**
 * A bank with its own books, which forgives no mistake of its client. A call that is repeated under its key within a day
 * is done once. Under another key it is done again, even where that makes no sense.
 */
export class HostileBank {
  readonly #platform: Platform
  readonly #profileOf: (orderId: string) => BankProfile
  readonly #entries = new Map<string, Entry[]>()
  readonly #keys = new Map<string, Remembered>()
  readonly #sticky = new Set<string>()
  readonly #failed = new Map<string, number>()

  constructor(platform: Platform, profileOf: (orderId: string) => BankProfile) {
    this.#platform = platform
    this.#profileOf = profileOf
  }

  perform(call: BankCall): BankResult {
    const { scheduler } = this.#platform
    const content = JSON.stringify([call.operation, call.orderId, call.amountMinor, call.currency])
    const known = this.#keys.get(call.idempotencyKey)
    if (known !== undefined && scheduler.now - known.at < KEY_LIFE_MS) {
      if (known.content !== content) {
        this.#platform.violated(
          'a key at the bank stands for one call',
          `${call.idempotencyKey}: ${known.content}, then ${content}`,
        )
      }
      return known.result
    }
    if (this.#failsNow(call)) return { kind: 'error', detail: 'The bank responded with 500.' }
    const result = this.#decide(call)
    const isKept = result.kind !== 'error' || this.#sticky.delete(call.idempotencyKey)
    if (isKept || this.#platform.faults.hits('bankErrsForEver')) {
      this.#keys.set(call.idempotencyKey, { content, result, at: scheduler.now })
    }
    this.#platform.trace(
      'bank',
      () => `${call.operation} ${call.amountMinor} under ${call.idempotencyKey}: ${result.kind}`,
    )
    return result
  }

  records(orderId: string): readonly BankRecord[] {
    return [...(this.#entries.get(orderId) ?? [])]
  }

  balance(orderId: string): BankBalance {
    return balanceOf(this.#entries.get(orderId) ?? [])
  }

  /** Errors of two kinds: those that pass, and those that the key meets for ever. */
  #failsNow(call: BankCall): boolean {
    const { failsFirst } = this.#profileOf(call.orderId)
    if (failsFirst?.operation !== call.operation) return false
    const name = `${call.orderId}/${call.operation}`
    const failed = this.#failed.get(name) ?? 0
    this.#failed.set(name, failed + 1)
    return failed < failsFirst.times
  }

  #decide(call: BankCall): BankResult {
    const { faults } = this.#platform
    if (faults.hits('bankErrors')) return { kind: 'error', detail: 'The bank responded with 500.' }
    const entries = this.#entries.get(call.orderId) ?? []
    const refusal = this.#refusalOf(call, entries)
    const reference = `bank_${call.orderId}_${entries.length + 1}`
    const { operation, idempotencyKey, amountMinor } = call
    const authorizationId = operation === 'authorize' ? reference : (call.authorizationId ?? '')
    const outcome = refusal === undefined ? ('succeeded' as const) : ('declined' as const)
    const entry = { operation, idempotencyKey, amountMinor, outcome, reference, authorizationId }
    this.#entries.set(call.orderId, [...entries, { ...entry, at: this.#platform.scheduler.now }])
    if (faults.hits('bankErrsAfterDoing')) return this.#errsForEver(call)
    if (refusal !== undefined)
      return { kind: 'declined', code: refusal, detail: `The bank refused: ${refusal}.` }
    return { kind: 'succeeded', reference }
  }

  /** Under this key the bank never shows the result. Only its books do. */
  #errsForEver(call: BankCall): BankResult {
    this.#sticky.add(call.idempotencyKey)
    return { kind: 'error', detail: 'The bank responded with 500, and did it.' }
  }

  #refusalOf(call: BankCall, entries: readonly Entry[]): string | undefined {
    const profile = this.#profileOf(call.orderId)
    if (profile.refuses === call.operation) return 'refused_for_good'
    if (call.operation === 'authorize') return profile.declines ? 'card_declined' : undefined
    const { heldMinor, capturedMinor, refundedMinor } = balanceOf(
      entries.filter((entry) => entry.authorizationId === call.authorizationId),
    )
    const limit = call.operation === 'refund' ? capturedMinor - refundedMinor : heldMinor
    return call.amountMinor <= limit && limit > 0 ? undefined : 'invalid_state'
  }
}

const balanceOf = (entries: readonly Entry[]): BankBalance => {
  const done = (operation: BankOperation) =>
    entries.filter((entry) => entry.operation === operation && entry.outcome === 'succeeded')
  const sumOf = (operation: BankOperation) =>
    done(operation).reduce((total, entry) => total + entry.amountMinor, 0)
  const capturedMinor = sumOf('capture')
  return {
    authorizations: done('authorize').length,
    captures: done('capture').length,
    heldMinor: sumOf('authorize') - capturedMinor - sumOf('void'),
    capturedMinor,
    refundedMinor: sumOf('refund'),
  }
}
