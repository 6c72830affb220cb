import type { SimulatedBankObject } from '../../../workers/payment/index.ts'
import { type BankCore, type BusyKeys, createBankConnection } from '../platform/bank-connection.ts'
import type { HostileBank } from '../platform/hostile-bank.ts'
import type { Outlet, Platform } from '../platform/platform.ts'
import type { Actor } from '../platform/scheduler.ts'
import type { Setup } from '../world/setup.ts'
import type { Partitions } from './partitions.ts'
import { namespaceOf } from './stubs.ts'

const bankStubs = namespaceOf<SimulatedBankObject>(['perform', 'books'])

type BankPorts = { cloud: Actor; setup: Setup; hostileBank: HostileBank; banks(): Partitions['banks'] }

/** The binding of the bank: the world's bank, behind a network that loses calls. */
export const createBankBinding = (platform: Platform, ports: BankPorts) => {
  const { cloud, setup, hostileBank, banks } = ports
  const hostileCore: BankCore = {
    perform: async (calls) =>
      calls.map((call) => ({ answer: hostileBank.perform(call), delayMs: 0, isLost: false })),
    books: async (orderId) => ({ entries: hostileBank.records(orderId) }),
  }
  const busy: BusyKeys = new Set()
  return (outlet: Outlet) => ({
    getByName: (name: string) => {
      const coreFor = (caller: Actor) =>
        setup.bank === 'hostile' ? hostileCore : (bankStubs(banks(), caller).getByName(name) as BankCore)
      return createBankConnection(platform, { cloud, busy, outlet }, coreFor)
    },
  })
}
