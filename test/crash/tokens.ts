/** How often each payment is chosen. `none` leaves the payment out, which the simulator takes for `pm_card_visa`. */
export const TOKEN_SHARES = {
  pm_card_visa: 46,
  none: 8,
  pm_card_chargeDeclined: 6,
  pm_card_chargeDeclinedInsufficientFunds: 4,
  pm_sim_errorOnce: 8,
  pm_sim_errorSticky: 5,
  pm_sim_timeoutOnce: 4,
  pm_sim_slow: 4,
  pm_sim_captureDeclined: 5,
  pm_sim_captureErrorTwice: 5,
  pm_sim_voidErrorTwice: 5,
} as const

export type Token = keyof typeof TOKEN_SHARES

/** Cancelled soon: this card's faults appear only at a void. */
export const VOID_TOKEN: Token = 'pm_sim_voidErrorTwice'

export const DECLINED_TOKENS: readonly string[] = [
  'pm_card_chargeDeclined',
  'pm_card_chargeDeclinedInsufficientFunds',
]

export const CAPTURE_REFUSED_TOKEN: Token = 'pm_sim_captureDeclined'
