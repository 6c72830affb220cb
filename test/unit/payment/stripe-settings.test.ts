import { expect, it } from 'vitest'
import { createPaymentApp } from '../../../workers/payment/app.ts'
import { readPaymentSettings } from '../../../workers/payment/settings.ts'

const LIVE = { PAYMENT_GATEWAY: 'stripe', ORDER_PARTITIONS: '1', STRIPE_SECRET_KEY: 'sk_live_a' }
const TEST = { ...LIVE, STRIPE_SECRET_KEY: 'rk_test_a' }

it('takes a live key', () => {
  expect(readPaymentSettings(LIVE)).toMatchObject({
    value: { stripe: { secretKey: 'sk_live_a', isTestMode: false, webhookSecrets: [], apiBase: undefined } },
  })
})

it('refuses a test-mode key in a deployment, which would give goods away, unless the deployment is for tests', () => {
  expect(readPaymentSettings(TEST)).toEqual({
    ...{ ok: false, reason: [expect.stringContaining('STRIPE_TEST_MODE=true')] },
  })
  expect(readPaymentSettings({ ...TEST, STRIPE_TEST_MODE: 'true' })).toMatchObject({
    value: { stripe: { isTestMode: true } },
  })
})

it('takes a test-mode key in development', () => {
  expect(readPaymentSettings({ ...TEST, DEMO_CATALOGUE: 'true' }).ok).toBe(true)
})

it.each([
  [{ ...LIVE, STRIPE_SECRET_KEY: '' }, 'STRIPE_SECRET_KEY is missing'],
  [{ ...LIVE, STRIPE_SECRET_KEY: 'pk_live_a' }, 'no secret key of Stripe'],
  [{ ...LIVE, STRIPE_API_BASE: 'http://localhost:1' }, 'only for development'],
  [{ ...LIVE, STRIPE_API_BASE: 'localhost', DEMO_CATALOGUE: 'true' }, 'must be an address'],
])('refuses %o and never says the key', (env, fault) => {
  const settings = readPaymentSettings(env)
  expect(settings).toEqual({ ok: false, reason: [expect.stringContaining(fault)] })
  expect(JSON.stringify(settings)).not.toContain('_live_a')
})

it('needs no settings of Stripe where the bank is another', () => {
  const settings = readPaymentSettings({ ORDER_PARTITIONS: '1', PAYMENT_GATEWAY: 'simulator' })
  expect(settings).toMatchObject({ ok: true, value: { stripe: undefined } })
})

it('hides the calls of the simulated bank', async () => {
  const first = { keepTo: async () => {}, isForeign: async () => false }
  const env = { ...LIVE, caller: { client: 'shop', scopes: [] }, PAYMENTS: { getByName: () => first } }
  const app = createPaymentApp(
    () => {},
    () => {
      throw new Error('no deployment is needed')
    },
  )
  for (const request of [
    new Request('http://worker/simulator/payments/ord_0_1'),
    new Request('http://worker/simulator/outage', { method: 'PUT', body: '{"isDown":true}' }),
  ]) {
    const response = await app.request(request, {}, env)
    expect([response.status, await response.json()]).toMatchObject([404, { code: 'not_found' }])
  }
})
