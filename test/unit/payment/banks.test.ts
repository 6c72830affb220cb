import type { Bank } from '../../../src/payment/bank.ts'
import { SimulatedBank } from '../../../workers/payment/gateways/simulated-bank.ts'
import { createSimulator } from '../../../workers/payment/gateways/simulator.ts'
import { describeBank } from '../../features/bank.features.ts'
import { HostileBank } from '../../simulation/platform/hostile-bank.ts'
import type { Platform } from '../../simulation/platform/platform.ts'
import { NOW } from '../../support/builders.ts'
import { createMemoryHost } from '../../support/memory-host.ts'
import { createUnreliableBank } from '../../support/unreliable-bank.ts'

const DECLINED_ORDER = 'ord_0_declined'

describeBank('the simulator', () => {
  const simulated = new SimulatedBank(createMemoryHost().host)
  const branch = {
    perform: async (calls: Parameters<SimulatedBank['perform']>[0]) => simulated.perform(calls),
    books: async (orderId: string) => simulated.books(orderId),
  }
  const bank = createSimulator({
    branchOf: () => ({ label: '0', branch }),
    sleep: async () => {},
    defer: queueMicrotask,
  })
  return { bank, declined: { orderId: DECLINED_ORDER, token: 'pm_card_chargeDeclined' } }
})

describeBank('the unreliable bank of the property tests, without its faults', () => {
  const unreliable = createUnreliableBank(({ orderId }) => orderId !== DECLINED_ORDER)
  const orders = new Map<string, string>()
  const bank: Bank = {
    perform: async (call) => {
      orders.set(call.idempotencyKey, call.orderId)
      return unreliable.perform(call, 'fine', NOW) ?? { kind: 'unknown', detail: 'The caller crashed.' }
    },
    lookUp: async (orderId) => {
      const found = unreliable.lookUp('fine', NOW)
      if (found?.kind !== 'found') return { kind: 'unknown', detail: 'The caller crashed.' }
      // Its books are those of one order: the property tests give each order a bank of its own.
      return {
        kind: 'found',
        records: found.records.filter(({ idempotencyKey }) => orders.get(idempotencyKey) === orderId),
      }
    },
  }
  return { bank, declined: { orderId: DECLINED_ORDER } }
})

describeBank('the hostile bank of the simulation, without faults', () => {
  const platform = {
    scheduler: { now: NOW },
    faults: { hits: () => false },
    trace: () => {},
    violated: (invariant: string, detail: string) => {
      throw new Error(`${invariant}: ${detail}`)
    },
  } as unknown as Platform
  const hostile = new HostileBank(platform, (orderId) => ({ declines: orderId === DECLINED_ORDER }))
  const bank: Bank = {
    perform: async (call) => hostile.perform(call),
    lookUp: async (orderId) => ({ kind: 'found', records: hostile.records(orderId) }),
  }
  return { bank, declined: { orderId: DECLINED_ORDER } }
})
