/** A bank responds within this time. Otherwise the result of the call is unknown. */
export const BANK_TIMEOUT_MS = 5_000

export const BANK_OPERATIONS = ['authorize', 'capture', 'void', 'refund'] as const

export type BankOperation = (typeof BANK_OPERATIONS)[number]

export type BankCall = {
  operation: BankOperation
  orderId: string
  amountMinor: number
  currency: string
  /** The payment token to charge. Given for an authorization. */
  token?: string
  /** The bank's id of the authorization. Given for every later operation. */
  authorizationId?: string
  /** Calls with the same key have their effect once. */
  idempotencyKey: string
}

/**
 * The result of a call. `declined` is the bank's decision. `error`: the bank responded and could not carry the call out.
 * `unknown`: no response came in time, so the call may have had its effect.
 */
export type BankResult =
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
  /** Where the bank says it. */
  at?: number
}

export type BankLookup =
  | { kind: 'found'; records: readonly BankRecord[] }
  | { kind: 'unknown'; detail: string }

/** The bank, as the payment service needs it. Neither function throws. */
export type Bank = {
  perform(call: BankCall): Promise<BankResult>
  /** All operations of the bank for an order, oldest first. */
  lookUp(orderId: string): Promise<BankLookup>
}
