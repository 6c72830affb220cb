/** A bank answers within this time, or what it did is not known. */
export const BANK_TIMEOUT_MS = 5_000

export const BANK_OPERATIONS = ['authorize', 'capture', 'void', 'refund'] as const

export type BankOperation = (typeof BANK_OPERATIONS)[number]

export type BankCall = {
  operation: BankOperation
  orderId: string
  amountMinor: number
  currency: string
  /** What is charged. Given for an authorization. */
  token?: string
  /** The bank's name for the authorization. Given for everything after it. */
  authorizationId?: string
  /** The bank does once what it is asked twice under one key. */
  idempotencyKey: string
}

/**
 * What came of a call. `declined` is the bank's decision, `error` says that the bank answered and could not do it,
 * `unknown` that no answer came in time: it may have been done.
 */
export type BankAnswer =
  | { kind: 'succeeded'; reference: string }
  | { kind: 'declined'; code: string; detail: string }
  | { kind: 'error'; detail: string }
  | { kind: 'unknown'; detail: string }

/** One operation in the bank's own books. */
export type BankRecord = {
  operation: BankOperation
  idempotencyKey: string
  amountMinor: number
  outcome: 'succeeded' | 'declined' | 'failed'
  reference: string
}

export type BankLookup =
  | { kind: 'found'; records: readonly BankRecord[] }
  | { kind: 'unknown'; detail: string }

/** The bank, as the payment service needs it. Neither function throws. */
export type Bank = {
  perform(call: BankCall): Promise<BankAnswer>
  /** Everything the bank did for an order, in the order it did it. */
  lookUp(orderId: string): Promise<BankLookup>
}
