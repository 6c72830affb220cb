import type { Refusal } from '../payment.ts'

type Reason = { code: string; detail: string }

const CARD_DECLINED: Reason = { code: 'card_declined', detail: 'The card was declined.' }

const NEW_CARD = 'The customer has to pay with another card.'

/**
 * Stripe's reasons → ours, by `decline_code` and by `code` (docs.stripe.com/declines/codes and docs.stripe.com/error-codes).
 * Lost, stolen and suspected cards look like any declined card: Stripe asks not to tell the customer.
 */
const REASONS: Readonly<Record<string, Reason>> = {
  insufficient_funds: {
    code: 'insufficient_funds',
    detail: 'The card was declined: insufficient funds.',
  },
  withdrawal_count_limit_exceeded: {
    code: 'insufficient_funds',
    detail: 'The card was declined: its limit is exceeded.',
  },
  card_velocity_exceeded: {
    code: 'insufficient_funds',
    detail: 'The card was declined: its limit is exceeded.',
  },
  expired_card: { code: 'expired_card', detail: `The card has expired. ${NEW_CARD}` },
  incorrect_cvc: { code: 'incorrect_card_details', detail: 'The security code of the card is wrong.' },
  invalid_cvc: { code: 'incorrect_card_details', detail: 'The security code of the card is wrong.' },
  incorrect_number: { code: 'incorrect_card_details', detail: 'The number of the card is wrong.' },
  invalid_number: { code: 'incorrect_card_details', detail: 'The number of the card is wrong.' },
  invalid_expiry_month: { code: 'incorrect_card_details', detail: 'The expiry of the card is wrong.' },
  invalid_expiry_year: { code: 'incorrect_card_details', detail: 'The expiry of the card is wrong.' },
  incorrect_zip: { code: 'incorrect_card_details', detail: 'The postal code of the card is wrong.' },
  incorrect_pin: { code: 'incorrect_card_details', detail: 'The PIN of the card is wrong.' },
  authentication_required: {
    code: 'authentication_required',
    detail:
      'The bank of the card demands that the customer confirms the payment, which an order cannot wait for.',
  },
  card_not_supported: {
    code: 'card_not_supported',
    detail: `The card does not allow this purchase. ${NEW_CARD}`,
  },
  currency_not_supported: {
    code: 'card_not_supported',
    detail: `The card does not allow payments in this currency. ${NEW_CARD}`,
  },
  processing_error: {
    code: 'processing_error',
    detail: 'The bank of the card could not process the payment. The customer may try again.',
  },
  issuer_not_available: {
    code: 'processing_error',
    detail: 'The bank of the card could not be reached. The customer may try again.',
  },
  try_again_later: {
    code: 'processing_error',
    detail: 'The bank of the card could not process the payment. The customer may try again.',
  },
  charge_expired_for_capture: {
    code: 'authorization_expired',
    detail: 'The authorization lapsed before it was captured.',
  },
  amount_too_small: { code: 'amount_not_chargeable', detail: 'The amount is smaller than Stripe charges.' },
  amount_too_large: {
    code: 'amount_not_chargeable',
    detail: 'The amount is larger than Stripe allows here.',
  },
  charge_already_refunded: { code: 'already_refunded', detail: 'The payment is refunded already.' },
  charge_disputed: {
    code: 'charge_disputed',
    detail: 'The customer disputes the payment at the bank of the card, so Stripe refunds nothing.',
  },
  insufficient_balance: {
    code: 'insufficient_balance',
    detail: 'The balance of the Stripe account is too low for the refund.',
  },
}

/** The payment demands what only the customer can do. */
export const AUTHENTICATION_REQUIRED: Refusal = {
  code: 'authentication_required',
  detail: REASONS['authentication_required']?.detail ?? '',
}

/** Why a card was declined. */
export const declineOf = (codes: readonly (string | null | undefined)[]): Refusal =>
  reasonOf(codes) ?? CARD_DECLINED

/** Why Stripe refused a call. Stripe's own text stays in the log: it may say more than a customer should read. */
export const refusalOf = (codes: readonly (string | null | undefined)[]): Refusal =>
  reasonOf(codes) ?? {
    code: codes.find((code) => code != null) ?? 'refused',
    detail: 'Stripe refused the call. The log of the payment Worker has its words.',
  }

const reasonOf = (codes: readonly (string | null | undefined)[]): Refusal | undefined =>
  codes
    .map((code) => (code != null && Object.hasOwn(REASONS, code) ? REASONS[code] : undefined))
    .find((reason) => reason)
