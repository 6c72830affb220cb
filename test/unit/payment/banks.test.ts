import type { Bank, BankCall, BankLookup, BankResult } from '../../../src/payment/bank.ts'
import { createSimulator } from '../../../workers/payment/gateways/simulator.ts'
import {
  type BankSetup,
  describeBank,
  type LackingFeatures,
  type StartBank,
} from '../../features/bank.features.ts'
import { HostileBank } from '../../simulation/platform/hostile-bank.ts'
import { customer } from '../../support/bank-customer.ts'
import { NOW } from '../../support/builders.ts'
import { createCalmPlatform } from '../../support/calm-platform.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'
import { checkStripeCalls, createStripeWorld } from '../../support/stripe/stripe-world.ts'
import { type BankFate, createUnreliableBank } from '../../support/unreliable-bank.ts'

checkStripeCalls()

const TOKENS: Record<BankSetup, string> = {
  approves: 'pm_card_visa',
  declines: 'pm_card_chargeDeclined',
  'loses the first response': 'pm_sim_timeoutOnce',
  'cannot be reached': 'pm_card_visa',
}

/** The gateway `simulator`, with the simulated bank in memory. */
const startSimulator: StartBank = (setup) => {
  const { bank, bankMemory } = createPaymentWorld()
  const failing = <Value>(work: () => Value): Value => {
    if (setup === 'cannot be reached') bankMemory.failAfter(0)
    return work()
  }
  return {
    token: TOKENS[setup],
    bank: {
      perform: (call) => failing(() => bank.perform(call)),
      lookUp: (question) => failing(() => bank.lookUp(question)),
    },
  }
}

/** The simulated bank as the tests of its books call it. */
const startCustomer: StartBank = (setup) => {
  const { ask, bank } = customer()
  return {
    token: TOKENS[setup],
    bank: {
      perform: async (call) => ask(call.operation, call).answer,
      lookUp: async ({ orderId }) => ({ kind: 'found', records: bank.books(orderId).entries }),
    },
  }
}

/** The bank of the property tests. */
const startUnreliable: StartBank = (setup) => {
  const unreliable = createUnreliableBank(() => setup !== 'declines')
  let fate: BankFate = 'fine'
  if (setup === 'loses the first response') fate = 'no response, but done'
  if (setup === 'cannot be reached') fate = 'no response'
  const bank: Bank = {
    perform: async (call) => {
      const current = fate
      if (fate !== 'no response') fate = 'fine'
      return arrived<BankResult>(unreliable.perform(call, current, NOW))
    },
    lookUp: async () => arrived<BankLookup>(unreliable.lookUp(fate, NOW)),
  }
  return { token: 'any', bank }
}

const arrived = <Response>(response: Response | undefined): Response => {
  if (response === undefined) throw new Error('only a caller that crashes gets no response')
  return response
}

/** The bank of the simulation, behind the simulator's client as there. */
const startHostile: StartBank = (setup) => {
  const hostile = new HostileBank(createCalmPlatform(), () => ({ declines: setup === 'declines' }))
  let isLost = setup === 'loses the first response'
  const reach = () => {
    if (setup === 'cannot be reached') throw new Error('the bank is away')
  }
  const performOne = (call: BankCall) => {
    const result = { answer: hostile.perform(call), delayMs: 0, isLost }
    isLost = false
    return result
  }
  const branch = {
    perform: async (calls: readonly BankCall[]) => {
      reach()
      return calls.map(performOne)
    },
    books: async (orderId: string) => {
      reach()
      return { entries: hostile.records(orderId) }
    },
  }
  const ports = { branchOf: () => ({ label: '0', branch }), sleep: async () => {} }
  return { token: 'any', bank: createSimulator(ports) }
}

/** The gateway `stripe`, with the `stripe` package and a Stripe in memory that checks each call. */
const startStripe: StartBank = (setup) => {
  const { bank, mock } = createStripeWorld()
  if (setup === 'loses the first response') mock.next('lost response', 'PostPaymentIntentsIntentConfirm')
  if (setup === 'cannot be reached') for (let call = 0; call < 5; call += 1) mock.next('no connection')
  return { token: TOKENS_OF_STRIPE[setup], bank }
}

const TOKENS_OF_STRIPE: Record<BankSetup, string> = { ...TOKENS, 'loses the first response': 'pm_card_visa' }

const ONE_ORDER = 'each property has a bank of its own for its one order'

/** Each bank, and the features that it lacks by design. */
const BANKS: Record<string, { start: StartBank; lacking: LackingFeatures }> = {
  'the simulator over the simulated bank': { start: startSimulator, lacking: {} },
  'the bank customer of the tests': {
    start: startCustomer,
    lacking: {
      'gives an unknown result where its response is lost, and lists the operation':
        'it stands beside the bank, and a flag tells it that the response would be lost',
      'does not throw where it cannot be reached: both results are unknown': 'it has no network to the bank',
    },
  },
  'the unreliable bank of the property tests': {
    start: startUnreliable,
    lacking: {
      'keeps the books of each order apart': ONE_ORDER,
      'declines to capture and to void an authorization that it never gave': ONE_ORDER,
    },
  },
  'the hostile bank of the simulation': { start: startHostile, lacking: {} },
  'Stripe, checked against its description': {
    start: startStripe,
    lacking: {
      'declines to void what is voided under another key':
        'an intent is canceled once, so the next key meets the effect that a look-up missed: that is a success',
      'declines to capture and to void an authorization that it never gave':
        'an intent that Stripe does not know shows a key of another account, which is no decision about the payment',
    },
  },
}

for (const [name, { start, lacking }] of Object.entries(BANKS)) describeBank(name, start, lacking)
