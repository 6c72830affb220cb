import type { BankOperation } from '../../../src/payment/bank.ts'
import { NEEDS_CUSTOMER, NEEDS_CUSTOMER_ALL_THE_SAME } from '../../support/stripe/tokens.ts'
import type { BankProfile } from '../platform/hostile-bank.ts'
import type { Random } from '../platform/random.ts'
import type { Setup } from './setup.ts'

const TOKENS = [
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_chargeDeclined',
  'pm_sim_errorOnce',
  'pm_sim_errorSticky',
  'pm_sim_timeoutOnce',
  'pm_sim_slow',
  'pm_sim_captureDeclined',
  'pm_sim_captureErrorTwice',
  'pm_sim_voidErrorTwice',
  'pm_unknown_token',
] as const

/** Of Stripe's test mode. A declined card is a matter of the token there. */
const STRIPE_TOKENS = [
  ...['pm_card_visa', 'pm_card_visa', 'pm_card_visa', 'pm_card_visa'],
  ...[NEEDS_CUSTOMER, NEEDS_CUSTOMER_ALL_THE_SAME, 'pm_unknown_token'],
] as const

export const drawToken = (bank: Setup['bank'], { declines }: BankProfile, random: Random): string => {
  if (bank !== 'stripe') return random.pick(TOKENS)
  return declines === true ? 'pm_card_chargeDeclined' : random.pick(STRIPE_TOKENS)
}

export const drawBankProfile = (random: Random): BankProfile => {
  const drawn = random.chance()
  if (drawn < 0.6) return {}
  if (drawn < 0.7) return { declines: true }
  if (drawn < 0.78) return { refuses: 'capture' }
  if (drawn < 0.8) return { refuses: random.pick<BankOperation>(['void', 'refund']) }
  const operation = random.pick<BankOperation>(['authorize', 'capture', 'void', 'refund'])
  return { failsFirst: { operation, times: random.between(1, 6) } }
}
