import { fromStripeAmount } from '../../contracts/stripe-amounts.ts'
import { SECOND_MS } from '../../kernel/instant.ts'
import type { BankQuestion, BankRecord } from '../bank.ts'
import type { Intent, StripeRefund } from './objects.ts'

/** The names under which Stripe keeps what the port needs: of an intent, and of a refund. */
export const METADATA = {
  orderId: 'order_id',
  authorizeKey: 'authorize_key',
  captureKey: 'capture_key',
  refundKey: 'idempotency_key',
} as const

/** The operations of an order in Stripe's books, oldest first. Stripe's list of refunds begins with the newest. */
export const recordsOf = (
  { orderId, currency }: BankQuestion,
  intent: Intent,
  refunds: readonly StripeRefund[],
): BankRecord[] => {
  const record = ({
    amount,
    at,
    ...rest
  }: Omit<BankRecord, 'amountMinor' | 'at'> & { amount: number; at: number }) => ({
    ...rest,
    amountMinor: fromStripeAmount(amount, currency),
    at: at * SECOND_MS,
  })
  const { id: reference, amount, metadata, created, canceled_at: canceledAt } = intent
  const firstKey = (operation: string) => `${orderId}/${operation}/1`
  const authorization = authorizationOutcome(intent)
  const held = { reference, amount, outcome: 'succeeded' as const }
  return [
    ...(authorization === undefined
      ? []
      : [
          record({
            ...{ operation: 'authorize', reference, amount, outcome: authorization, at: created },
            idempotencyKey: metadata[METADATA.authorizeKey] ?? firstKey('authorize'),
          }),
        ]),
    ...(intent.status === 'succeeded'
      ? [
          record({
            ...{ ...held, operation: 'capture', amount: intent.amount_received ?? amount, at: created },
            idempotencyKey: metadata[METADATA.captureKey] ?? firstKey('capture'),
          }),
        ]
      : []),
    ...refunds.toReversed().map((refund) =>
      record({
        ...{ operation: 'refund', reference: refund.id, amount: refund.amount, at: refund.created },
        idempotencyKey: refund.metadata?.[METADATA.refundKey] ?? `stripe/${refund.id}`,
        outcome: refund.status === 'failed' || refund.status === 'canceled' ? 'declined' : 'succeeded',
      }),
    ),
    ...(intent.status === 'canceled' && authorization === 'succeeded'
      ? [record({ ...held, operation: 'void', idempotencyKey: firstKey('void'), at: canceledAt ?? created })]
      : []),
  ]
}

/** Undefined where nothing was decided: an intent that was never confirmed. */
const authorizationOutcome = (intent: Intent): BankRecord['outcome'] | undefined => {
  const { status, latest_charge: charge, last_payment_error: failure } = intent
  if (status === 'requires_capture' || status === 'succeeded') return 'succeeded'
  if (charge != null && typeof charge !== 'string' && charge.status === 'succeeded') return 'succeeded'
  return failure == null ? undefined : 'declined'
}
