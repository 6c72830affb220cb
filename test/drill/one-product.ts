import { setTimeout as sleep } from 'node:timers/promises'
import { type Call, type CallResponse, oneOf } from './caller.ts'

/** What every order of the drill is about. */
export const PRODUCT = 'P001'
const PRICE = 50
const SETTLING_MS = 200
const SETTLED_WITHIN_MS = 120_000

export const expectStatus = async (
  status: number,
  response: Promise<CallResponse>,
): Promise<CallResponse['body']> => {
  const { status: found, body } = await response
  if (found !== status) throw new Error(`A call was answered ${found}: ${JSON.stringify(body)}`)
  return body
}

/** An event that places an order of one unit. The same id means the same order. */
export const externalOrder = (orderId: string) => ({
  ...{ eventType: 'OrderPlaced', orderId, items: [{ productId: PRODUCT, quantity: 1 }] },
  ...{ totalAmount: PRICE, timestamp: '2026-11-01T12:00:00Z' },
})

/** An order of one unit, which settles. */
export const place = async (call: Call): Promise<void> => {
  const { orderId } = await expectStatus(202, call('POST', '/orders', oneOf(PRODUCT)))
  await waitUntilSettled(call, String(orderId))
}

export const waitUntilSettled = async (call: Call, orderId: string): Promise<void> => {
  for (const giveUpAt = Date.now() + SETTLED_WITHIN_MS; Date.now() < giveUpAt; await sleep(SETTLING_MS)) {
    const { status, body } = await call('GET', `/orders/${orderId}`)
    if (status === 200 && body['settledAt'] !== undefined) return
  }
  throw new Error(`${orderId} does not settle.`)
}
