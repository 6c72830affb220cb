import { expect, it } from 'vitest'
import { GATEWAYS } from '../../../src/payment/gateways.ts'
import { createPaymentApp } from '../../../workers/payment/app.ts'
import { readPaymentSettings } from '../../../workers/payment/settings.ts'

const settingsFor = (gateway: string | undefined) =>
  readPaymentSettings({ ORDER_PARTITIONS: '1', PAYMENT_GATEWAY: gateway, STRIPE_SECRET_KEY: 'sk_live_a' })

/** All names of the table, and the place where a deployment names its bank. */
const LISTED = expect.stringMatching(
  new RegExp(`^PAYMENT_GATEWAY must name the bank, one of: ${GATEWAYS.join(', ')}\\. .*npm run deploy`),
)

it.each(GATEWAYS)('takes %s, which the table of gateways lists', (gateway) => {
  expect(settingsFor(gateway)).toMatchObject({ ok: true, value: { gateway } })
})

it.each([undefined, '', 'acme', 'Simulator', 'toString'])(
  'refuses %o as a gateway with all names',
  (gateway) => {
    expect(settingsFor(gateway)).toEqual({ ok: false, reason: [LISTED] })
  },
)

it('responds as misconfigured under an unknown gateway, and its readiness names the known ones', async () => {
  const caller = { client: 'shop', scopes: [] }
  const env = { ORDER_PARTITIONS: '1', PAYMENT_GATEWAY: 'acme', caller }
  const app = createPaymentApp(
    () => {},
    () => {
      throw new Error('no deployment is needed')
    },
  )
  const health = await app.request('/readyz', {}, env)
  expect([health.status, await health.json()]).toEqual([
    503,
    { ready: false, problems: [LISTED], parts: expect.anything() },
  ])
  const response = await app.request('/payments', {}, env)
  expect([response.status, await response.json()]).toEqual([
    503,
    expect.objectContaining({ code: 'misconfigured' }),
  ])
})
