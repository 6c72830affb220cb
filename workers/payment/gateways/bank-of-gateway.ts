import { faults } from '#faults'
import { within } from '../../../src/cloudflare/within.ts'
import { labelOfOrder, type PartitionCounts } from '../../../src/kernel/partitions.ts'
import { BANK_TIMEOUT_MS, type Bank } from '../../../src/payment/bank.ts'
import type { Gateway } from '../../../src/payment/gateways.ts'
import { type Branch, createSimulator } from './simulator.ts'

type CreateBank = (env: PaymentEnv, counts: PartitionCounts) => Bank

/** The bank that `PAYMENT_GATEWAY` names. Each batch makes its own: its open calls belong to one invocation. */
export const bankOfGateway = (gateway: Gateway, env: PaymentEnv, counts: PartitionCounts): Bank => {
  const bank = BANKS[gateway](env, counts)
  return { ...bank, perform: (call) => faults.callBank(() => bank.perform(call)) }
}

const simulator: CreateBank = (env, counts) =>
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

const BANKS: Record<Gateway, CreateBank> = { simulator }
