import { within } from '../../src/cloudflare/within.ts'
import { objectionTo, type SettingCheck } from '../../src/cloudflare/witness.ts'
import {
  labelOfOrder,
  type PartitionCounts,
  partitionCountsText,
  partitionLabels,
} from '../../src/kernel/partitions.ts'
import { orderPartitionsSetting } from '../../src/messaging/order-partitions.ts'
import { BANK_TIMEOUT_MS, type Bank } from '../../src/payment/bank.ts'
import type { PaymentPartitions as ResponderPorts } from '../../src/payment/responder.ts'
import { type Branch, createSimulator } from './gateways/simulator.ts'
import { FIRST_PARTITION } from './partitions-setting.ts'

/** The payment partitions, as the Worker in front of them calls them. */
export const createPaymentPartitions = (env: PaymentEnv, counts: PartitionCounts) => {
  const namespace = env.PAYMENTS
  const partition = (label: string) => namespace.getByName(`payments-${label}`)
  const setting = orderPartitionsSetting(partitionCountsText(counts))
  return {
    /** Throws where payments were placed under counts that forbid these. */
    check: (checkSetting: SettingCheck) => checkSetting(namespace, FIRST_PARTITION, setting),

    objection: () => objectionTo(namespace.getByName(FIRST_PARTITION), setting),

    /** The partition of an order's payment. None for an id that no order can have: such an id starts no partition. */
    of: (orderId: string) => {
      const label = labelOfOrder(orderId, counts)
      return label === undefined ? undefined : partition(label)
    },

    /** Every partition there is, to rearm its alarm. */
    all: () =>
      partitionLabels(counts).map((label) => ({
        name: `payments-${label}`,
        rearm: async () => await partition(label).rouse(),
      })),

    /** As the responder calls them. */
    ports: {
      labelOf: (orderId) => labelOfOrder(orderId, counts),
      begin: async (label, events) => await partition(label).begin(events),
      record: async (label, reports) => await partition(label).record(reports),
      acknowledge: async (label, orderId, factIds) => await partition(label).note(orderId, factIds),
    } satisfies ResponderPorts,
  }
}

export type PaymentPartitions = ReturnType<typeof createPaymentPartitions>

export const defer = (run: () => void): void => {
  setTimeout(run, 0)
}

/** The bank that PAYMENT_GATEWAY names. Each batch makes its own: its open calls belong to one invocation. */
export const createBank = (env: PaymentEnv, counts: PartitionCounts): Bank =>
  createSimulator({
    branchOf: (orderId) => {
      const label = labelOfOrder(orderId, counts) ?? 'none'
      return { label, branch: simulatedBranch(env, label) }
    },
    sleep: (ms) => (ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms))),
    defer,
  })

export const simulatedBranch = (env: PaymentEnv, label: string): Branch => {
  const stub = env.SIMULATED_BANK.getByName(`bank-${label}`)
  return {
    perform: async (calls) => await within(BANK_TIMEOUT_MS, 'the simulated bank', stub.perform(calls)),
    books: async (orderId) => await within(BANK_TIMEOUT_MS, 'the simulated bank', stub.books(orderId)),
  }
}
