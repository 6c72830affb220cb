import { expect, it } from 'vitest'
import type { BankCall } from '../../../src/payment/bank.ts'
import type { SimulatedResult } from '../../../workers/payment/gateways/simulated-bank.ts'
import { type Branch, createSimulator } from '../../../workers/payment/gateways/simulator.ts'
import { createPaymentWorld } from '../../support/payment-world.ts'

const CALL: BankCall = {
  operation: 'authorize',
  orderId: '12345',
  amountMinor: 100,
  currency: 'USD',
  idempotencyKey: 'key',
}
const BOOKS = { orderId: '12345', currency: 'USD' }
const SUCCEEDED: SimulatedResult = {
  answer: { kind: 'succeeded', reference: 'auth_1' },
  delayMs: 0,
  isLost: false,
}

const over = (branch: Partial<Branch>) => {
  const slept: number[] = []
  const simulator = createSimulator({
    branchOf: () => ({
      label: '0',
      branch: {
        perform: async (calls) => calls.map(() => SUCCEEDED),
        books: async () => createBooks(),
        ...branch,
      },
    }),
    sleep: async (ms) => {
      slept.push(ms)
    },
  })
  return { simulator, slept }
}

const createBooks = () => ({
  entries: [],
  currency: undefined,
  heldMinor: 0,
  capturedMinor: 0,
  refundedMinor: 0,
})
const away = async () => {
  throw new Error('the bank is away')
}

it('hands on what the bank says', async () => {
  expect(await over({}).simulator.perform(CALL)).toEqual({ kind: 'succeeded', reference: 'auth_1' })
})

it('takes as long as the bank', async () => {
  const { simulator, slept } = over({ perform: async () => [{ ...SUCCEEDED, delayMs: 2_000 }] })
  await simulator.perform(CALL)
  expect(slept).toEqual([2_000])
})

it('does not know what came of a call whose answer was lost, and gives up after five seconds', async () => {
  const { simulator, slept } = over({ perform: async () => [{ ...SUCCEEDED, isLost: true }] })
  expect(await simulator.perform(CALL)).toEqual({ kind: 'unknown', detail: 'no answer within 5000 ms' })
  expect(slept).toEqual([5_000])
})

it('does not know what came of a call that failed on its way', async () => {
  expect(await over({ perform: away }).simulator.perform(CALL)).toEqual({
    kind: 'unknown',
    detail: 'Error: the bank is away',
  })
})

it('finds what is in the books', async () => {
  expect(await over({}).simulator.lookUp(BOOKS)).toEqual({ kind: 'found', records: [] })
})

it('does not know what is in books that it cannot read', async () => {
  expect(await over({ books: away }).simulator.lookUp(BOOKS)).toEqual({
    kind: 'unknown',
    detail: 'Error: the bank is away',
  })
})

it('sends calls that go out together as one', async () => {
  const world = createPaymentWorld()
  await Promise.all([
    world.bank.perform(CALL),
    world.bank.perform({ ...CALL, orderId: '2', idempotencyKey: '2' }),
  ])
  expect(world.takeCalls()).toEqual(['bank 2'])
})
