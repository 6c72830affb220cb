import { DAY_MS, HOUR_MS, type Instant } from '../kernel/instant.ts'
import { changed, type Payment, type Refusal } from './payment.ts'

/**
 * The shortest life that Stripe documents for an authorization of a card online: Visa's, where the merchant initiates the
 * payment. All others live seven days. docs/stripe.md has the table and its source. Counted from when the payment began, so
 * it ends early rather than late, and no bank has to tell it.
 */
const AUTHORIZATION_LIFE_MS = 4 * DAY_MS + 18 * HOUR_MS

/** Time for the void, also where the bank or the payment Worker is away for a while. */
const RELEASE_MARGIN_MS = DAY_MS

/** Shown as the payment's reason, and in the order's. */
const RELEASED: Refusal = {
  code: 'authorization_released',
  detail: 'The decision about the order did not come before the authorization was about to lapse.',
}

/** Begun, and the order's decision has not come yet. Nothing refuses it. */
export const isWaiting = ({ goal, status, refusal }: Payment): boolean =>
  goal === 'authorize' && refusal === undefined && (status === 'pending' || status === 'authorized')

/** When a waiting payment is released. By then its order is long past every deadline. */
export const releaseAt = ({ createdAt }: Payment): Instant =>
  createdAt + AUTHORIZATION_LIFE_MS - RELEASE_MARGIN_MS

/**
 * The payment after its release: what the bank holds is voided, and the payment ends as `failed`. A step that is under way
 * ends first. A decision that comes late changes nothing any more, except that a cancellation returns it too.
 */
export const released = (payment: Payment, now: Instant): Payment =>
  changed(
    { ...payment, refusal: RELEASED, ...(payment.status === 'pending' && { goal: 'return' as const }) },
    now,
  )

/** It was released, and the bank has not voided it yet. */
export const isReleasing = ({ status, refusal, stuck }: Payment): boolean =>
  refusal?.code === RELEASED.code && stuck === undefined && (status === 'pending' || status === 'authorized')

/**
 * The bank refuses to void what was released. Unlike after a refused capture, that does not mean that it holds nothing: a
 * person may have captured it in the bank's dashboard.
 */
export const isRefusedRelease = ({ refusal }: Payment): boolean => refusal?.code === RELEASED.code
