import { afterAll, afterEach, expect } from 'vitest'
import type { Bank } from '../../../src/payment/bank.ts'
import { createStripeBank } from '../../../workers/payment/gateways/stripe/stripe-bank.ts'
import { createStripeClient } from '../../../workers/payment/gateways/stripe/stripe-client.ts'
import { NOW } from '../builders.ts'
import { StripeMock } from './stripe-mock.ts'

const SECRET_KEY = 'sk_test_mock'

let mocks: StripeMock[] = []
/** The gateway `stripe` over a mock. The test's file calls `checkStripeCalls`. */
export const createStripeWorld = (): { bank: Bank; mock: StripeMock; logged: string[] } => {
  const mock = new StripeMock(NOW)
  mocks.push(mock)
  const logged: string[] = []
  const client = createStripeClient({ secretKey: SECRET_KEY, apiBase: undefined }, mock.fetch)
  const bank = createStripeBank({
    client: () => client,
    log: (_level, message, about) => logged.push(`${message}: ${JSON.stringify(about)}`),
  })
  return { bank, mock, logged }
}

/** For a test's file: after each test, no call may have differed from Stripe's description. At the end it prints the calls. */
export const checkStripeCalls = (): void => {
  const checked = new Map<string, number>()

  afterEach(() => {
    const used = mocks
    mocks = []
    for (const mock of used) {
      for (const [operation, count] of Object.entries(mock.checked())) {
        checked.set(operation, (checked.get(operation) ?? 0) + count)
      }
    }
    expect(used.flatMap(({ violations }) => violations)).toEqual([])
  })

  afterAll(() => {
    const counts = [...checked].toSorted().map(([operation, count]) => `${operation} ${count}`)
    const total = [...checked.values()].reduce((sum, count) => sum + count, 0)
    console.log(`${total} calls checked against Stripe's description: ${counts.join(', ')}`)
  })
}
