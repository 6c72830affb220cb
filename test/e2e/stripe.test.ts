import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { opsOf } from '../support/ops-program.ts'
import { openShop } from '../support/shop.ts'
import { DESCRIBED_VERSION } from '../support/stripe/description.ts'
import { startStripeServer } from '../support/stripe/stripe-server.ts'

let stripe: Awaited<ReturnType<typeof startStripeServer>>
let system: System
let shop: ReturnType<typeof openShop>

beforeAll(async () => {
  stripe = await startStripeServer()
  system = await startSystem({
    order: { vars: { PAYMENT_GATEWAY: 'stripe' } },
    payment: {
      vars: { PAYMENT_GATEWAY: 'stripe', DEMO_CATALOGUE: 'true', STRIPE_API_BASE: stripe.url },
      secrets: { STRIPE_SECRET_KEY: 'sk_test_mock', STRIPE_WEBHOOK_SECRET: 'whsec_mock' },
    },
  })
  shop = openShop(system)
  await shop.stock('P001', 1_000)
  await shop.stock('CHEAP', 10, 0.01)
})

afterAll(async () => {
  await system.close()
  await stripe.close()
})

const one = [{ productId: 'P001', quantity: 1 }]

const intentOf = (orderId: string) =>
  stripe.mock.intents().find(({ metadata }) => metadata['order_id'] === orderId)

it('G4: an order is authorized and captured once at Stripe, whose every call is as described', async () => {
  stripe.mock.next('lost response', 'PostPaymentIntents')
  stripe.mock.next('lost response', 'PostPaymentIntentsIntentConfirm')
  const orderId = await shop.place(one)
  expect(await shop.settled(orderId)).toMatchObject({ status: 'confirmed' })
  expect(intentOf(orderId)).toMatchObject({ status: 'succeeded', amountReceived: 5_000, currency: 'usd' })
  const payment = (await shop.call(`/payments/${orderId}`)).body
  expect(payment).toMatchObject({ status: 'captured', gatewayReference: intentOf(orderId)?.id })
  expect(stripe.mock.violations).toEqual([])
})

it('the story of an order shows what Stripe did', async () => {
  const orderId = await shop.place(one)
  await shop.settled(orderId)
  const { bank } = (await shop.call(`/orders/${orderId}/story`)).body
  expect(bank.map(({ type, outcome }: { type: string; outcome: string }) => `${type} ${outcome}`)).toEqual([
    ...['authorize succeeded', 'capture succeeded'],
  ])
})

it('G5: a cancellation refunds what is left', async () => {
  const orderId = await shop.place(one)
  await shop.settled(orderId)
  await shop.post(`/payments/${orderId}/refunds`, { amount: 20 })
  await expect.poll(async () => (await shop.read(orderId)).payment.refundedAmount).toBe(20)
  await shop.post(`/orders/${orderId}/cancel`)
  expect(await shop.settled(orderId)).toMatchObject({ payment: { status: 'refunded', refundedAmount: 50 } })
  const before = stripe.mock.balance()
  expect(before.refunded).toBe(5_000)
})

it('an order whose card is declined is rejected with the reason', async () => {
  const orderId = await shop.place(one, 'pm_card_chargeDeclinedInsufficientFunds')
  expect(await shop.settled(orderId)).toMatchObject({
    status: 'rejected',
    reason: { code: 'payment_declined' },
  })
  expect((await shop.call(`/payments/${orderId}`)).body).toMatchObject({
    reason: { code: 'insufficient_funds' },
  })
})

it('an order without a payment is refused, the plain event of version 1 too', async () => {
  expect(await shop.problem(shop.post('/orders', { items: one }))).toMatchObject({
    ...{ status: 422, code: 'payment_required' },
  })
  const event = {
    eventType: 'OrderPlaced',
    orderId: 'web-1',
    items: one,
    totalAmount: 50,
    timestamp: '2026-11-23T12:00:00Z',
  }
  expect(await shop.problem(shop.post('/events', event))).toEqual({
    ...{ status: 422, code: 'payment_required', paths: ['/payment'] },
  })
})

it('an order that Stripe cannot charge is refused when it is placed', async () => {
  const order = { items: [{ productId: 'CHEAP', quantity: 1 }], payment: { token: 'pm_card_visa' } }
  expect(await shop.problem(shop.post('/orders', order))).toMatchObject({
    ...{ status: 422, code: 'amount_not_chargeable' },
  })
})

describe('what Stripe posts', () => {
  const post = (body: string, signature: string) =>
    system.fetch('/gateways/stripe/events', {
      method: 'POST',
      body,
      headers: { 'stripe-signature': signature },
    })

  const signed = (body: string, secret = 'whsec_mock') => {
    const seconds = Math.floor(Date.now() / 1_000)
    return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
  }

  const eventAbout = (orderId: string, id = `evt_${orderId}`) =>
    JSON.stringify({
      ...{ id, object: 'event', type: 'payment_intent.canceled', livemode: false },
      data: { object: { metadata: { order_id: orderId } } },
    })

  it('needs no key of ours, is taken once, and changes nothing that the books do not say', async () => {
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    const body = eventAbout(orderId)
    const outcomes = [await post(body, signed(body)), await post(body, signed(body))]
    expect(await Promise.all(outcomes.map((response) => response.json()))).toEqual([
      { received: true, outcome: 'taken' },
      { received: true, outcome: 'duplicate' },
    ])
    expect(await shop.read(orderId)).toMatchObject({ status: 'confirmed', payment: { status: 'captured' } })
  })

  it('is ignored where it is about no order of ours', async () => {
    const body = eventAbout('web-1')
    expect(await (await post(body, signed(body))).json()).toEqual({ received: true, outcome: 'ignored' })
  })

  it('is refused under a wrong signature, and above 64 KiB', async () => {
    const body = eventAbout('web-1')
    const large = JSON.stringify({ ...JSON.parse(body), filling: 'x'.repeat(65_536) })
    const refusal = async (...request: Parameters<typeof post>) => (await post(...request)).json()
    expect(await refusal(body, signed(body, 'whsec_other'))).toMatchObject({
      ...{ status: 400, code: 'invalid_signature' },
    })
    expect(await refusal(large, signed(large))).toMatchObject({ status: 413, code: 'payload_too_large' })
  })
})

it('the reconciliation compares the whole of Stripe with the payments, and finds nothing', async () => {
  await shop.settled(await shop.place(one))
  const [from, to] = [-3_600_000, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString())
  let path = `/reconciliation?from=${from}&to=${to}`
  const first = (await shop.call(path)).body
  expect(first).toMatchObject({ differences: [], unread: 0, checked: stripe.mock.intents().length })
  path += `&cursor=${first.nextCursor}`
  expect((await shop.call(path)).body).toMatchObject({ differences: [], unread: 0 })
})

it('readiness warns that no card is charged', async () => {
  const { body } = await shop.call('/readyz')
  expect(body.workers.payment.warnings).toEqual([expect.stringContaining('test mode')])
})

describe('npm run ops -- payments reconcile', () => {
  /** A person refunds a payment in Stripe's dashboard. */
  const refundInDashboard = (intent: string, amount: number) =>
    fetch(`${stripe.url}/v1/refunds`, {
      method: 'POST',
      headers: {
        authorization: 'Bearer sk_test_mock',
        'stripe-version': DESCRIBED_VERSION,
        'idempotency-key': 'by hand',
      },
      body: new URLSearchParams({ payment_intent: intent, amount: String(amount) }),
    })

  it('says that Stripe and the payments agree, and names each payment that a person changed at Stripe', async () => {
    const orderId = await shop.place(one)
    await shop.settled(orderId)
    const address = await system.address()
    const run = opsOf(() => address)
    const agreed = await run(['payments', 'reconcile'])
    expect(agreed).toMatchObject({ code: 0, said: expect.stringContaining('agree') })
    expect((await refundInDashboard(intentOf(orderId)?.id ?? '', 1_000)).status).toBe(200)
    const differs = await run(['payments', 'reconcile', '--json'])
    expect(differs.code).toBe(1)
    expect(JSON.parse(differs.said).differences).toMatchObject([{ kind: 'amounts_differ', orderId }])
    expect((await shop.call(`/payments/${orderId}`)).body.refundedAmount).toBe(0)
  })
})
