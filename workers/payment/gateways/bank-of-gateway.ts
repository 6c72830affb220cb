import { faults } from '#faults'
import { within } from '../../../src/cloudflare/within.ts'
import { labelOfOrder, type PartitionCounts, partitionLabels } from '../../../src/kernel/partitions.ts'
import type { Log } from '../../../src/messaging/partition.ts'
import { BANK_TIMEOUT_MS, type Bank } from '../../../src/payment/bank.ts'
import type { BankStatement } from '../../../src/payment/reconciliation.ts'
import type { PaymentSettings } from '../settings.ts'
import { type Branch, createSimulator } from './simulator.ts'
import { createSimulatorStatement } from './simulator-statement.ts'
import { createStripeBank, type StripeClient } from './stripe/stripe-bank.ts'
import { createStripeClient } from './stripe/stripe-client.ts'
import type { StripeSettings } from './stripe/stripe-settings.ts'
import { createStripeStatement } from './stripe/stripe-statement.ts'

type Ports = { env: PaymentEnv; counts: PartitionCounts; log: Log }

/** The bank that `PAYMENT_GATEWAY` names. Each batch makes its own: its open calls belong to one invocation. */
export const bankOfGateway = ({ stripe }: Pick<PaymentSettings, 'stripe'>, ports: Ports): Bank => {
  const bank =
    stripe === undefined ? simulator(ports) : createStripeBank({ client: clientOf(stripe), log: ports.log })
  return { ...bank, perform: (call) => faults.callBank(() => bank.perform(call)) }
}

/** The bank's own list of payments, for the reconciliation. */
export const statementOfGateway = (
  { stripe }: Pick<PaymentSettings, 'stripe'>,
  { env, counts }: Ports,
): BankStatement =>
  stripe === undefined
    ? createSimulatorStatement({
        labels: partitionLabels(counts),
        ordersAfter: async (label, orderId, limit) => {
          const branch = env.SIMULATED_BANK.getByName(`bank-${label}`)
          return await within(BANK_TIMEOUT_MS, 'the simulated bank', branch.ordersAfter(orderId, limit))
        },
      })
    : createStripeStatement(clientOf(stripe))

const clientOf = (settings: StripeSettings) => {
  let client: Promise<StripeClient> | undefined
  return () => {
    client ??= createStripeClient(settings)
    return client
  }
}

const simulator = ({ env, counts }: Ports): Bank =>
  createSimulator({
    branchOf: (orderId) => {
      const label = labelOfOrder(orderId, counts) ?? 'none'
      return { label, branch: simulatedBranch(env, label) }
    },
    sleep: (ms) => (ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))),
  })

export const simulatedBranch = (env: PaymentEnv, label: string): Branch => {
  const stub = env.SIMULATED_BANK.getByName(`bank-${label}`)
  return {
    perform: async (calls) => await within(BANK_TIMEOUT_MS, 'the simulated bank', stub.perform(calls)),
    books: async (orderId) => await within(BANK_TIMEOUT_MS, 'the simulated bank', stub.books(orderId)),
    setOutage: async (outage) => await within(BANK_TIMEOUT_MS, 'the simulated bank', stub.setOutage(outage)),
  }
}
