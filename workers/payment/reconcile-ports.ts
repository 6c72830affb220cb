import type { Log } from '../../src/messaging/partition.ts'
import { readBankBooks } from '../../src/payment/payment-book.ts'
import type { ReconcilePorts } from '../../src/payment/reconciliation.ts'
import { bankOfGateway, statementOfGateway } from './gateways/bank-of-gateway.ts'
import { findOrderIds } from './payment-list.ts'
import type { PaymentPartitions } from './payment-partitions.ts'
import type { PaymentSettings } from './settings.ts'

type Deployment = { settings: PaymentSettings; partitions: PaymentPartitions; log: Log }

/** The bank's list, our payments and our list, as the reconciliation reads them. */
export const reconcilePorts = (
  env: PaymentEnv,
  { settings, partitions, log }: Deployment,
): ReconcilePorts => {
  const { booksOf, departedBefore, counts } = partitions
  const bank = bankOfGateway(settings, { env, counts, log })
  return {
    statement: statementOfGateway(settings, { env, counts, log }),
    booksOf,
    departedBefore,
    listHere: (window, after) => findOrderIds(env.PAYMENTS_DB, window, after),
    bankBooks: (orderIds) =>
      readBankBooks(orderIds, { read: booksOf, lookUp: (question) => bank.lookUp(question) }),
  }
}
