import { traceIdsOf } from '../../kernel/trace.ts'
import type { ListSource } from '../../messaging/list-filling.ts'
import type { Payment } from '../payment.ts'
import { loadPaymentsAfter } from './payment-store.ts'

/** Every payment of a partition, for the list of payments. `list` writes them; an older revision never replaces a newer one. */
export const listedPayments = (
  list: (payments: readonly Payment[]) => Promise<void>,
): ListSource<Payment> => ({
  name: 'payments',
  loadAfter: loadPaymentsAfter,
  keyOf: ({ orderId }) => orderId,
  write: list,
  about: (payments) => ({ traceIds: traceIdsOf(payments) }),
})
