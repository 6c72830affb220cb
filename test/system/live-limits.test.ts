import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type System, startSystem } from '../support/harness.ts'
import { openShopOf } from '../support/keys.ts'
import { openShop } from '../support/shop.ts'

const BOUNDS = {
  STREAMS_MAX: '4',
  STREAMS_PER_CLIENT_MAX: '3',
  STREAMS_PER_ADDRESS_MAX: '2',
  STREAMS_PER_ORDER_MAX: '3',
  WAITS_MAX: '3',
  WAITS_PER_CLIENT_MAX: '2',
}

let system: System
let operator: ReturnType<typeof openShop>

beforeAll(async () => {
  system = await startSystem({ order: { vars: BOUNDS } })
  operator = openShop(system)
  await operator.stock('P001', 1_000)
})

afterAll(() => system.close())

/** It takes four seconds until it is settled. */
const slowOrder = { items: [{ productId: 'P001', quantity: 1 }], payment: { token: 'pm_sim_slow' } }

const place = async () => {
  const { body } = await operator.post('/orders', slowOrder)
  return { orderId: String(body.orderId), readToken: String(body.readToken) }
}

/** Opens the streams one after the other, and says of each how it ended. */
const endings = async (streams: { path: string; headers?: Record<string, string> }[]) => {
  const texts: Promise<string>[] = []
  for (const { path, headers } of streams) {
    const answer = await system.fetch(path, { headers: { accept: 'text/event-stream', ...headers } })
    expect(answer.status).toBe(200)
    texts.push(answer.text())
  }
  return (await Promise.all(texts)).map((text) => {
    const retries = [...text.matchAll(/^retry: (\d+)$/gm)].map(([, ms]) => Number(ms))
    return {
      isSettled: text.includes('event: OrderSettled'),
      isToldToWait: retries.some((ms) => ms >= 15_000),
    }
  })
}

const SETTLED = { isSettled: true, isToldToWait: false }
const SHED = { isSettled: false, isToldToWait: true }

describe('live streams beyond what there is room for', () => {
  it('of one address with read tokens: the oldest makes room, and no other address loses one', async () => {
    const orders = await Promise.all(Array.from({ length: 4 }, place))
    const paths = orders.map(({ orderId, readToken }) => `/orders/${orderId}/events?token=${readToken}`)
    const from = (address: string) => ({ 'cf-connecting-ip': address })
    expect(
      await endings([
        { path: paths[0] ?? '', headers: from('203.0.113.1') },
        { path: paths[1] ?? '', headers: from('203.0.113.2') },
        { path: paths[2] ?? '', headers: from('203.0.113.2') },
        { path: paths[3] ?? '', headers: from('203.0.113.2') },
      ]),
    ).toEqual([SETTLED, SHED, SETTLED, SETTLED])
  })

  it('of one order: the oldest makes room', async () => {
    const { orderId, readToken } = await place()
    const path = `/orders/${orderId}/events?token=${readToken}`
    const streams = ['1', '2', '3', '4'].map((last) => ({
      path,
      headers: { 'cf-connecting-ip': `203.0.113.1${last}` },
    }))
    expect(await endings(streams)).toEqual([SHED, SETTLED, SETTLED, SETTLED])
  })

  it('of the development key: it has no share of its own, but the room in all holds for it', async () => {
    const orders = await Promise.all(Array.from({ length: 5 }, place))
    const headers = { authorization: 'Bearer test-admin-key' }
    const streams = orders.map(({ orderId }) => ({ path: `/orders/${orderId}/events`, headers }))
    expect(await endings(streams)).toEqual([SHED, SETTLED, SETTLED, SETTLED, SETTLED])
  })
})

describe('waits for a decision beyond what there is room for', () => {
  const placeAndWait = (shop: ReturnType<typeof openShop>) =>
    shop.post('/orders', slowOrder, { prefer: 'wait=15' }).then(({ status }) => status)
  const statuses = async (waits: Promise<number>[]) => (await Promise.all(waits)).sort()

  it('of one client: an order is taken all the same, and answered at once', async () => {
    const shop = await openShopOf(system, 'patient', ['orders:write'])
    expect(await statuses([1, 2, 3].map(() => placeAndWait(shop)))).toEqual([200, 200, 202])
  })

  it('of the development key: its orders are never refused', async () => {
    expect(await statuses([1, 2, 3, 4].map(() => placeAndWait(operator)))).toEqual([200, 200, 200, 202])
  })
})
