import type { BankOperation } from '../../../src/payment/bank.ts'

/** How the bank departs from success for an order, after Stripe's test payment methods (docs.stripe.com/testing). */
export type Behaviour = {
  declines?: { operation: BankOperation | 'any'; code: string; detail: string }
  errors?: { operation: BankOperation | 'any'; times: number; isSticky: boolean }
  losesFirstAuthorization?: boolean
  isSlow?: boolean
  /** The first authorization begins an outage of the whole bank. */
  takesBankDown?: boolean
}

/** By the names that the books store: the names never change. */
const NAMED = {
  succeeds: {},
  declines: { declines: { operation: 'authorize', code: 'card_declined', detail: 'The card was declined.' } },
  'declines for insufficient funds': {
    declines: {
      operation: 'authorize',
      code: 'insufficient_funds',
      detail: 'The card was declined: insufficient funds.',
    },
  },
  'errs once': { errors: { operation: 'any', times: 1, isSticky: false } },
  'errs for ever under one key': { errors: { operation: 'any', times: 1, isSticky: true } },
  'loses an answer': { losesFirstAuthorization: true },
  'is slow': { isSlow: true },
  'declines to capture': {
    declines: {
      operation: 'capture',
      code: 'capture_refused',
      detail: 'The bank refused to capture the authorized amount.',
    },
  },
  'errs twice at capture': { errors: { operation: 'capture', times: 2, isSticky: false } },
  'errs twice at void': { errors: { operation: 'void', times: 2, isSticky: false } },
  'declines to void': {
    declines: {
      operation: 'void',
      code: 'void_refused',
      detail: 'The bank refused to void the authorization.',
    },
  },
  'declines to refund': {
    declines: {
      operation: 'refund',
      code: 'refund_refused',
      detail: 'The bank refused to refund the captured amount.',
    },
  },
  'takes the bank down': {
    takesBankDown: true,
    errors: { operation: 'authorize', times: 1, isSticky: false },
  },
  'is unknown': {
    declines: {
      operation: 'any',
      code: 'resource_missing',
      detail: 'The bank knows no such payment method.',
    },
  },
} as const satisfies Record<string, Behaviour>

export type BehaviourName = keyof typeof NAMED

export const BEHAVIOURS: Readonly<Record<BehaviourName, Behaviour>> = NAMED

const TOKENS: ReadonlyMap<string, BehaviourName> = new Map([
  ['pm_card_visa', 'succeeds'],
  ['pm_card_chargeDeclined', 'declines'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'declines for insufficient funds'],
  ['pm_sim_errorOnce', 'errs once'],
  ['pm_sim_errorSticky', 'errs for ever under one key'],
  ['pm_sim_timeoutOnce', 'loses an answer'],
  ['pm_sim_slow', 'is slow'],
  ['pm_sim_captureDeclined', 'declines to capture'],
  ['pm_sim_captureErrorTwice', 'errs twice at capture'],
  ['pm_sim_voidErrorTwice', 'errs twice at void'],
  ['pm_sim_voidDeclined', 'declines to void'],
  ['pm_sim_refundDeclined', 'declines to refund'],
])

/** Only in a demo, where the outage can be ended. */
const DEMO_TOKENS: ReadonlyMap<string, BehaviourName> = new Map([['pm_sim_down', 'takes the bank down']])

/** The behaviour of a test token. The bank stores this, never the token. */
export const behaviourOf = (token: string, { isDemo }: { isDemo: boolean }): BehaviourName =>
  TOKENS.get(token) ?? (isDemo ? DEMO_TOKENS.get(token) : undefined) ?? 'is unknown'
