// An order through the whole system that is taken back: stock and money are afterwards as before.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, createClient, type Order, orThrow } from '../../packages/client/src/index.ts'
import { Failure } from '../failure.mjs'
import type { Print } from './types.ts'

/** It stays in the catalogue, without stock. */
const PRODUCT_ID = 'SMOKE-ORDER'

/** Above the least amount that a bank charges in any currency, in major units. */
const PRICE = 200

/** Succeeds at the simulated bank, and at a real bank in test mode. A bank in live mode declines it. */
const TEST_CARD = 'pm_card_visa'

/** The order service learns of the product by event. */
const KNOWN_WITHIN_MS = 60_000
const PAUSE_MS = 500

type Smoke = { url: string; key: string; currency: string }

/** Throws a `Failure` where the order ends in an unexpected way. */
export const placeSmokeOrder = async ({ url, key, currency }: Smoke, print: Print): Promise<void> => {
  const api = createClient({ url, key })
  print('\nThe smoke order:')
  const fault = await orderAndTakeBack(api, { currency, print }).catch(messageOf)
  if (fault === undefined) return
  throw new Failure(
    `The system is deployed and ready, but the smoke order failed: ${fault}`,
    'See docs/runbook.md. `npm run ops -- orders list` shows the order.',
  )
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Returns what was wrong with the order. */
const orderAndTakeBack = async (
  api: Client,
  { currency, print }: { currency: string; print: Print },
): Promise<string | undefined> => {
  await stockUp(api, currency)
  const order = await api.waitUntilSettled((await place(api)).orderId)
  print(
    `  ${order.orderId} is ${order.status}: stock ${order.inventory.status}, money ${order.payment.status}`,
  )
  const isDeclined = order.reason?.code === 'payment_declined'
  if (order.status !== 'confirmed' && !isDeclined) return `it is ${order.status}. ${order.reason?.detail}`
  if (isDeclined) print('  The bank takes no test card. All else works.')
  else await takeBack(api, order, print)
  await adjust(api, -1)
  return undefined
}

/** After a smoke order that failed half-way, its unit may still be there. */
const stockUp = async (api: Client, currency: string): Promise<void> => {
  const params = { path: { productId: PRODUCT_ID } }
  const body = { name: 'Smoke order of a deployment', unitPrice: PRICE, currency }
  await orThrow(api.PUT('/products/{productId}', { params, body }))
  const { available } = await orThrow(api.GET('/inventory/{productId}', { params }))
  if (available < 1) await adjust(api, 1)
}

const adjust = (api: Client, delta: number) =>
  orThrow(
    api.POST('/inventory/{productId}/adjustments', {
      params: { path: { productId: PRODUCT_ID } },
      body: { delta, reason: 'smoke order' },
    }),
  )

const place = async (api: Client): Promise<Pick<Order, 'orderId'>> => {
  const giveUpAt = Date.now() + KNOWN_WITHIN_MS
  for (;;) {
    const placed = await api.placeOrder({
      items: [{ productId: PRODUCT_ID, quantity: 1 }],
      payment: { token: TEST_CARD },
    })
    if (placed.error?.code !== 'unknown_product' || Date.now() > giveUpAt)
      return await orThrow(Promise.resolve(placed))
    await sleep(PAUSE_MS)
  }
}

const takeBack = async (api: Client, { orderId }: Order, print: Print): Promise<void> => {
  const params = { path: { orderId } }
  await orThrow(api.POST('/orders/{orderId}/cancel', { params, body: { reason: 'smoke order' } }))
  const order = await api.waitUntilSettled(orderId)
  print(`  taken back: stock ${order.inventory.status}, money ${order.payment.status}`)
}
