import type { DomainEvent } from '../../src/contracts/events.ts'
import { labelOfOrder } from '../../src/kernel/partitions.ts'
import type { Bank, BankCall } from '../../src/payment/bank.ts'
import type { ListedPaymentKey } from '../../src/payment/partition/departed-payments.ts'
import { PaymentPartition, type StepReply } from '../../src/payment/partition/payment-partition.ts'
import type { RefundRequest } from '../../src/payment/partition/refund-request.ts'
import type { Payment } from '../../src/payment/payment.ts'
import type { BriefCause } from '../../src/payment/policy.ts'
import { respond } from '../../src/payment/responder.ts'
import { SimulatedBank } from '../../workers/payment/gateways/simulated-bank.ts'
import { createSimulator } from '../../workers/payment/gateways/simulator.ts'
import { CLIENT, ORDER_ID } from './builders.ts'
import { createInMemorySql } from './in-memory-sql.ts'
import { createMemoryHost } from './memory-host.ts'

/** A payment partition, the simulated bank and the consumer of the payment inbox, all in memory on one clock. */
export const createPaymentWorld = ({ sql = createInMemorySql() } = {}) => {
  const memory = createMemoryHost({ sql })
  const listed: Payment[] = []
  const unlisted: ListedPaymentKey[] = []
  const reports: DomainEvent[] = []
  const calls: string[] = []
  const slept: number[] = []
  const bankMemory = createMemoryHost()
  const simulatedBank = new SimulatedBank({ ...bankMemory.host, now: memory.now })
  const simulator = createSimulator({
    branchOf: () => ({
      label: '0',
      branch: {
        perform: async (asked: readonly BankCall[]) => {
          calls.push(`bank ${asked.length}`)
          return simulatedBank.perform(asked)
        },
        books: async (orderId) => simulatedBank.books(orderId),
      },
    }),
    sleep: async (ms) => {
      if (ms === 0) return
      slept.push(ms)
      await world.onSleep()
    },
  })
  const world = {
    memory,
    bankMemory,
    simulatedBank,
    listed,
    /** The keys of payments that were taken off the list. */
    unlisted,
    onList: async (): Promise<void> => {},
    onUnlist: async (): Promise<void> => {},
    onPublish: async (): Promise<void> => {},
    onCall: (_what: string): void => {},
    /** While the bank is slow. */
    onSleep: async (): Promise<void> => {},
    bank: simulator as Bank,
  }
  const start = () =>
    new PaymentPartition({
      host: memory.host,
      bankName: 'simulator',
      list: async (payments) => {
        await world.onList()
        listed.push(...payments)
      },
      unlist: async (keys) => {
        await world.onUnlist()
        unlisted.push(...keys)
      },
    })
  let partition = start()
  const call = async <Out>(what: string, run: () => Out): Promise<Out> => {
    calls.push(what)
    world.onCall(what)
    return run()
  }
  return Object.assign(world, {
    partition: () => partition,
    /** As after an eviction: memory is gone, storage is not. */
    restart: () => {
      partition = start()
    },
    begin: (...events: BriefCause[]): StepReply[] => partition.begin(events),
    view: () => partition.get(ORDER_ID, CLIENT),
    refund: (changes: Partial<RefundRequest> = {}) =>
      partition.requestRefund({
        orderId: ORDER_ID,
        refundId: 'rf_1',
        caller: CLIENT,
        amount: undefined,
        reason: undefined,
        request: undefined,
        ...changes,
      }),
    wake: () => partition.wake(),
    /** `to id` of what the partition published since this was last asked. */
    published: () => memory.takePublished().map(({ to, event }) => `${to} ${event.id}`),
    respond: (...events: DomainEvent[]) =>
      respond(events, {
        partitions: {
          labelOf: (orderId) => labelOfOrder(orderId, [1]),
          begin: (_label, causes) => call(`begin ${causes.length}`, () => partition.begin(causes)),
          record: (_label, reports) => call(`record ${reports.length}`, () => partition.record(reports)),
          letGo: (_label, departure) => call('let go', () => partition.letGo(departure)),
          acknowledge: (_label, orderId, ids) =>
            call('acknowledge', () => partition.acknowledge(orderId, ids)),
        },
        now: memory.now,
        bank: { perform: (asked) => world.bank.perform(asked), lookUp: (id) => world.bank.lookUp(id) },
        publish: async (outgoing) => {
          await world.onPublish()
          calls.push(`publish ${outgoing.length}`)
          reports.push(...outgoing.map(({ event }) => event))
        },
      }),
    takeReports: () => reports.splice(0),
    takeCalls: () => calls.splice(0),
    slept: slept as readonly number[],
    /** `operation outcome` of each operation in the bank's own books. */
    operations: (orderId = ORDER_ID) =>
      simulatedBank.books(orderId).entries.map(({ operation, outcome }) => `${operation} ${outcome}`),
    balance: (orderId = ORDER_ID) => {
      const { heldMinor, capturedMinor, refundedMinor } = simulatedBank.books(orderId)
      return { heldMinor, capturedMinor, refundedMinor }
    },
  })
}

export type PaymentWorld = ReturnType<typeof createPaymentWorld>
