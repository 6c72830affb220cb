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
  /** The bank's id of the authorization. Given for every later operation, and once the bank has opened an intent for it. */
  authorizationId?: string
  /** Calls with the same key have their effect once. */
  idempotencyKey: string
}

/**
 * The result of a call. `declined` is the bank's decision. `error`: the bank responded and could not carry the call out.
 * `unknown`: no response came in time, so the call may have had its effect. `opened`: the bank has made an intent, which
 * moves no money. Its id is stored, and the call is made again with it, under the same key.
 */
export type BankResult =
  | { kind: 'succeeded'; reference: string }
  | { kind: 'opened'; reference: string }
  | { kind: 'declined'; code: string; detail: string }
  /** `mayShowLate`: the bank may have acted all the same, and its books may not show it at once. */
  | { kind: 'error'; detail: string; mayShowLate?: true }
  | { kind: 'unknown'; detail: string }

/** One operation in the bank's own books. */
export type BankRecord = {
  operation: BankOperation
  /** A key of the step. A bank that keeps no key for an operation names the step's first one. */
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

/** Which books to read. `authorizationId` is the bank's own id for them, once it has given one. */
export type BankQuestion = Pick<BankCall, 'orderId' | 'currency' | 'authorizationId'>

/** The bank, as the payment service needs it. Neither function throws. */
export type Bank = {
  perform(call: BankCall): Promise<BankResult>
  /** All operations of the bank for an order, oldest first. */
  lookUp(question: BankQuestion): Promise<BankLookup>
}
